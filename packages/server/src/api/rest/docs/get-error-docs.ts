/** `GET /-/docs/errors/{code}`: what the `type` of a problem document points to. */
import { Type } from 'typebox'
import { RestError } from '../errors.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
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
  handle: async ({ params, context }) => {
    const page = context.documents.errorPage(params.code)
    if (page === null) throw new RestError('route-not-found', 'There is no such error code.')
    return {
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': DOCS_STYLE.contentSecurityPolicy,
      },
      body: page,
    }
  },
})
