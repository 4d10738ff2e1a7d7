/** `GET /-/readyz`: the catalog answers and no stop has begun, so that a load balancer may send requests here; else why not. */
import { Type } from 'typebox'
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
    const reason = await context.whyNotReady()
    if (reason === null) return { status: 200, headers: TEXT, body: 'ok\n' }
    return { status: 503, headers: { ...TEXT, 'retry-after': '1' }, body: `${reason}\n` }
  },
})
