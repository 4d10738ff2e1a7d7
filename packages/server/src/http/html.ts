/** HTML as values: text is escaped unless it was made here, so that no page can forget to. */
import { createHash } from 'node:crypto'

const brand: unique symbol = Symbol('html')

export interface Html {
  readonly [brand]: true
  readonly text: string
}

type Part = Html | string | number | readonly Html[]

/** Tagged template: every value is escaped, except HTML made by this function. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce((out, string, index) => {
    const part = parts[index]
    return out + string + (part === undefined ? '' : toText(part))
  }, '')
  return { [brand]: true, text }
}

export const NO_HTML: Html = html``

/** What a content security policy calls a script or a style that stands in its page. */
export function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** The style sheet of a page, and the policy that lets this style in and nothing else. */
export interface PageStyle {
  readonly css: string
  readonly contentSecurityPolicy: string
}

export function createPageStyle(css: string): PageStyle {
  const contentSecurityPolicy = `default-src 'none'; style-src ${sourceOf(css)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return { css, contentSecurityPolicy }
}

export interface PageFrame {
  readonly title: string
  readonly css: string
  /** BCP 47. */
  readonly language?: string
  /** The one script, if there is any. */
  readonly script?: string
}

export function renderPage(frame: PageFrame, body: Html): string {
  const { title, css, language = 'en', script } = frame
  const head = html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" /><title>${title}</title>`
  // Style and script hold exactly the bytes that were hashed.
  const code = script === undefined ? '' : `<script>${script}</script>`
  return `<!doctype html>\n<html lang="${language}"><head>${head.text}<style>${css}</style></head>\n<body>${body.text}${code}</body></html>\n`
}

function toText(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  if (isHtml(part)) return part.text
  return part.map(({ text }) => text).join('')
}

function isHtml(part: Html | readonly Html[]): part is Html {
  return brand in part
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)
}
