/** The look of a share's pages: one column, system fonts, both colour schemes; nothing is loaded. */
export const STYLE = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1c1e21; --dim: #4d545b; --line: #c9ced4; --soft: #f4f6f8; --link: #084f96; --on: #fff; --warn: #8f1d1d }
@media (prefers-color-scheme: dark) {
  :root { --bg: #14171a; --fg: #e6e8ea; --dim: #b4bcc4; --line: #414950; --soft: #1d2126; --link: #8cc2fa; --on: #10202f; --warn: #f5a3a3 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 44rem; padding: 8vh 1rem 4rem; background: var(--bg); color: var(--fg); font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .75rem 0 }
a { color: var(--link) }
.greeting { white-space: pre-line; overflow-wrap: anywhere; border-left: 4px solid var(--line); padding-left: 1rem }
.note { color: var(--dim); font-size: .85rem; overflow-wrap: anywhere }
.warning { color: var(--warn); font-weight: 600 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 1rem 0 }
dt { color: var(--dim) }
dd { margin: 0; overflow-wrap: anywhere }
form { margin: 1.25rem 0 }
label { display: block; font-weight: 600; margin-bottom: .3rem }
input { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--dim); border-radius: .4rem; padding: .6rem .7rem; width: 100% }
button { font: inherit; font-weight: 600; color: var(--on); background: var(--link); border: 0; border-radius: .4rem; padding: .7rem 1.3rem; margin-top: .8rem; min-height: 2.75rem; cursor: pointer }
button.plain { color: var(--link); background: none; font-weight: 400; padding: .25rem 0; margin: 0; text-align: left; text-decoration: underline; overflow-wrap: anywhere; min-height: 2rem }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
form.actions { display: flex; flex-wrap: wrap; gap: .75rem }
figure { margin: 1.5rem 0 }
img, video { display: block; max-width: 100%; max-height: 70vh; border-radius: .4rem; background: var(--soft) }
audio, object { width: 100% }
object { display: block; height: 70vh; margin: 1.5rem 0 }
pre { overflow: auto; max-height: 70vh; padding: .75rem; background: var(--soft); border-radius: .4rem; font: .85rem/1.45 ui-monospace, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 }
th, td { text-align: left; vertical-align: baseline; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line) }
th a { white-space: nowrap }
td:nth-child(2), td:nth-child(3) { white-space: nowrap; color: var(--dim) }
ul.files { padding-left: 1.25rem; overflow-wrap: anywhere }
progress { width: 100%; height: 1rem; accent-color: var(--link) }
@media (max-width: 34rem) {
  table, tbody, tr, td { display: block; border: 0; padding: 0 }
  thead th { display: inline-block; border: 0 }
  tr { padding: .4rem 0; border-bottom: 1px solid var(--line) }
  td:nth-child(2), td:nth-child(3) { display: inline-block; margin-right: 1rem; font-size: .85rem }
}
`
