/** `GET /-/healthz`: the process answers. It says nothing else, because everybody may ask. */
import { Type } from 'typebox'
import { defineOperation } from '../operation.ts'

const TEXT = { 'content-type': 'text/plain; charset=utf-8' }

export const getHealth = defineOperation({
  id: 'getHealth',
  method: 'GET',
  path: '/-/healthz',
  tag: 'Service',
  summary: 'Is the process alive',
  access: 'anyone',
  bodyKind: 'none',
  contentType: 'text/plain',
  answers: { 200: Type.String() },
  handle: async () => ({ status: 200, headers: TEXT, body: 'ok\n' }),
})
