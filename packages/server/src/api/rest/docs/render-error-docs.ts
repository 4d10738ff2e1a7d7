/** The page of one error code. */
import { PROBLEMS, PROBLEM_REMEDIES } from '../render-error.ts'
import type { ProblemCode } from '../render-error.ts'
import { html, renderPage } from '../../../http/html.ts'
import { DOCS_STYLE } from './style.ts'

export function renderErrorDocs(code: ProblemCode): string {
  const [status, title] = PROBLEMS[code]
  const remedy = PROBLEM_REMEDIES[code] ?? 'Nothing has to be done about it.'
  const body = html`<h1><code>${code}</code></h1>
    <p>${title}.</p>
    <p>${remedy}</p>
    <p class="dim">HTTP status ${status}.</p>
    <p><a href="/-/docs">All operations and codes</a></p>`
  return renderPage({ title: `${code} · Hallpass`, css: DOCS_STYLE.css }, body)
}
