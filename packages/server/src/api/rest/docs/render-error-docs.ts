/** The page of one error code. */
import { PROBLEMS } from '../render-error.ts'
import type { ProblemCode } from '../render-error.ts'
import { html, renderPage } from './html.ts'
import { DOCS_STYLE } from './style.ts'

export function renderErrorDocs(code: ProblemCode): string {
  const [status, title] = PROBLEMS[code]
  const body = html`<h1><code>${code}</code></h1>
    <p>${title}.</p>
    <p class="dim">HTTP status ${status}.</p>
    <p><a href="/-/docs">All operations and codes</a></p>`
  return renderPage(`${code} · Hallpass`, DOCS_STYLE, body)
}
