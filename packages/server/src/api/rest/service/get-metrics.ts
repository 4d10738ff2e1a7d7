/** `GET /-/metrics`: for Prometheus, with a key that may do nothing else, or an admin's. */
import { Type } from 'typebox'
import { defineOperation } from '../operation.ts'

export const getMetrics = defineOperation({
  id: 'getMetrics',
  method: 'GET',
  path: '/-/metrics',
  tag: 'Service',
  summary: 'Metrics in the Prometheus text format',
  description: 'Needs a key with the action `metrics` or `admin`, and no path prefix.',
  access: 'metrics',
  bodyKind: 'none',
  contentType: 'text/plain',
  answers: { 200: Type.String() },
  handle: async ({ context }) => {
    const { contentType, text } = await context.metrics.render()
    return { status: 200, headers: { 'content-type': contentType }, body: text }
  },
})
