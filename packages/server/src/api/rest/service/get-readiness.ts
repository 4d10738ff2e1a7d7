/** `GET /-/readyz`: the catalog answers, so that a load balancer may send requests here. */
import { Type } from 'typebox'
import { storeUnavailable } from '../../../platform/store-errors.ts'
import { defineOperation } from '../operation.ts'

const TEXT = { 'content-type': 'text/plain; charset=utf-8' }

export const getReadiness = defineOperation({
  id: 'getReadiness',
  method: 'GET',
  path: '/-/readyz',
  tag: 'Service',
  summary: 'Can the server do its work',
  access: 'anyone',
  bodyKind: 'none',
  contentType: 'text/plain',
  answers: { 200: Type.String() },
  handle: async ({ context }) => {
    if (await context.isReady()) return { status: 200, headers: TEXT, body: 'ok\n' }
    throw storeUnavailable('The server is not ready.')
  },
})
