/** `GET /v1/openapi.json`: the OpenAPI 3.1 document. */
import { Type } from 'typebox'
import { defineOperation } from '../operation.ts'

export const getOpenApi = defineOperation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/v1/openapi.json',
  tag: 'Service',
  summary: 'This API as an OpenAPI 3.1 document',
  access: 'anyone',
  bodyKind: 'none',
  answers: { 200: Type.Object({}) },
  handle: async ({ context }) => ({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: context.documents.openApi(),
  }),
})
