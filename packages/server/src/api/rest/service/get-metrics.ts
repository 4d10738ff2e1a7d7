/** `GET /-/metrics`: for Prometheus, with an admin key. */
import { Type } from 'typebox'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'

export const getMetrics: Operation = defineOperation({
  id: 'getMetrics',
  method: 'GET',
  path: '/-/metrics',
  tag: 'Service',
  summary: 'Metrics in the Prometheus text format',
  access: 'admin',
  bodyKind: 'none',
  contentType: 'text/plain',
  answers: { 200: Type.String() },
  handle: async ({ context }) => {
    const { contentType, text } = await context.metrics.render()
    return { status: 200, headers: { 'content-type': contentType }, body: text }
  },
})
