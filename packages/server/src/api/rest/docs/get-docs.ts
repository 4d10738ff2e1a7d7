/** `GET /-/docs`: the OpenAPI document for people, as one page of HTML without a script or an outside request. */
import { Type } from 'typebox'
import { defineOperation } from '../operation.ts'
import { DOCS_STYLE } from './style.ts'

export const getDocs = defineOperation({
  id: 'getDocs',
  method: 'GET',
  path: '/-/docs',
  tag: 'Service',
  summary: 'This API as a page to read',
  access: 'anyone',
  bodyKind: 'none',
  contentType: 'text/html',
  answers: { 200: Type.String() },
  handle: async ({ context }) => ({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': DOCS_STYLE.contentSecurityPolicy,
    },
    body: context.documents.page(),
  }),
})
