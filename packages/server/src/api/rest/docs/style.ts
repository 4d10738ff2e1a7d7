/** The look of the documentation pages: one column, system fonts, both colour schemes, no script. */
import { createPageStyle } from '../../../http/html.ts'
import type { PageStyle } from '../../../http/html.ts'

const CSS = `
:root { color-scheme: light dark; --bg: #fff; --fg: #1c1e21; --dim: #5c636b; --line: #d9dde2; --soft: #f4f6f8; --link: #0b5cad; --get: #0b6b3a; --write: #8a4b00; --delete: #a3212b }
@media (prefers-color-scheme: dark) {
  :root { --bg: #14171a; --fg: #e6e8ea; --dim: #a2abb4; --line: #333a41; --soft: #1d2126; --link: #7db8f5; --get: #6fd39b; --write: #f0b060; --delete: #f59097 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--bg); color: var(--fg); font: 1rem/1.55 system-ui, sans-serif }
h1 { font-size: 1.7rem; margin: 0 0 .5rem }
h2 { margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem }
a { color: var(--link) }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
code, pre { font: .9em/1.5 ui-monospace, Consolas, monospace }
pre { overflow-x: auto; padding: .75rem; background: var(--soft); border-radius: .4rem }
p code, li code, td code { background: var(--soft); padding: .1em .3em; border-radius: .25rem; overflow-wrap: anywhere }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0 }
summary { cursor: pointer; padding: .6rem .8rem; display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline }
details > div { padding: 0 .8rem .8rem }
.method { font-weight: 700; min-width: 4.2rem }
.get { color: var(--get) } .post, .put, .patch { color: var(--write) } .delete { color: var(--delete) }
.path { overflow-wrap: anywhere }
.dim { color: var(--dim) }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line) }
td:first-child code { white-space: nowrap; overflow-wrap: normal }
@media (max-width: 40rem) {
  thead { display: none }
  tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line) }
  td { display: block; padding: .1rem 0; border: 0 }
}
`

export const DOCS_STYLE: PageStyle = createPageStyle(CSS)
