/** A page for people: one column, readable in the light and in the dark, on a phone and by a screen reader. */
import { showDirectionMarks } from '../../../core/content-disposition.ts'
import { escapeXml } from './xml.ts'

export interface Page {
  readonly title: string
  /** The file that the page is about; `''` for none. */
  readonly name: string
  readonly paragraphs: readonly string[]
  /** For whoever is asked for help. */
  readonly note: string
  /** Where else to go. */
  readonly links?: readonly (readonly [href: string, text: string])[]
}

/** Every colour has a contrast of 7:1 at least with what it stands on. */
const STYLE =
  ':root{color-scheme:light dark;--back:#fff;--text:#1c1e21;--dim:#4d545b;--link:#084f96}' +
  '@media(prefers-color-scheme:dark){:root{--back:#14171a;--text:#e6e8ea;--dim:#b4bcc4;--link:#8cc2fa}}' +
  'body{background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1.5rem}' +
  'h1{font-size:1.4rem}.name{font-weight:600;overflow-wrap:anywhere}.note{color:var(--dim);font-size:.85rem;overflow-wrap:anywhere}' +
  'a{color:var(--link)}a:focus-visible{outline:3px solid var(--link);outline-offset:2px}'

/** No script runs, nothing is loaded, nobody may frame it. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const MAX_NAME_LENGTH = 200

export function formatPage({ title, name, paragraphs, note, links = [] }: Page): string {
  const heading = escapeXml(title)
  const shown = showDirectionMarks(Array.from(name).slice(0, MAX_NAME_LENGTH).join(''))
  // Letters that are read from the right stay inside it.
  const file = shown === '' ? '' : `<p class="name"><bdi>${escapeXml(shown)}</bdi></p>`
  const text = paragraphs.map((paragraph) => `<p>${escapeXml(paragraph)}</p>`).join('')
  const ways = links.map(([href, label]) => `<li><a href="${href}">${escapeXml(label)}</a></li>`)
  const list = ways.length === 0 ? '' : `<ul>${ways.join('')}</ul>`
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">' +
    `<title>${heading}</title><style>${STYLE}</style></head>` +
    `<body><main><h1>${heading}</h1>${file}${text}${list}<p class="note">${escapeXml(note)}</p></main></body></html>\n`
  )
}

/** Of an answer with such a page of so many bytes. */
export function formatPageHeaders(byteLength: number, cacheControl: string): string[] {
  return [
    'Content-Type',
    'text/html; charset=utf-8',
    'Content-Length',
    String(byteLength),
    'Content-Security-Policy',
    PAGE_POLICY,
    'X-Content-Type-Options',
    'nosniff',
    'Referrer-Policy',
    'no-referrer',
    'Cache-Control',
    cacheControl,
  ]
}

/** `Sat, 14 Mar 2026 09:26:53 UTC`. */
export function formatTime(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', 'UTC')
}

/** True for a person's browser that follows a link or sends a form: it asks for HTML, and sends no credentials of an S3 client. */
export function wantsPage(method: string, accept: string | null, hasCredentials: boolean): boolean {
  const isVisit = method === 'GET' || method === 'POST'
  return isVisit && !hasCredentials && accept !== null && accept.includes('text/html')
}
