/** `GET /-/docs/errors/{code}`: what the `type` of a problem document points to. */
import { Type } from 'typebox'
import { RestError } from '../errors.ts'
import { defineOperation } from '../operation.ts'
import { PROBLEMS } from '../render-error.ts'
import type { ProblemCode } from '../render-error.ts'
import { strictObject } from '../schemas.ts'
import { html, renderPage } from './html.ts'
import { DOCS_STYLE } from './style.ts'

export const getErrorDocs = defineOperation({
  id: 'getErrorDocs',
  method: 'GET',
  path: '/-/docs/errors/{code}',
  tag: 'Service',
  summary: 'What an error code means',
  access: 'anyone',
  bodyKind: 'none',
  contentType: 'text/html',
  params: strictObject({ code: Type.String({ pattern: '^[a-z-]{1,64}$' }) }),
  answers: { 200: Type.String() },
  handle: async ({ params }) => {
    if (!isProblemCode(params.code)) {
      throw new RestError('route-not-found', 'There is no such error code.')
    }
    const [status, title] = PROBLEMS[params.code]
    const body = html`<h1><code>${params.code}</code></h1>
      <p>${title}.</p>
      <p class="dim">HTTP status ${status}.</p>
      <p><a href="/-/docs">All operations and codes</a></p>`
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': DOCS_STYLE.contentSecurityPolicy,
      },
      body: renderPage(`${params.code} · Hallpass`, DOCS_STYLE, body),
    }
  },
})

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}
