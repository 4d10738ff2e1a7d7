/** `GET /v1/shares`: what was shared, newest first. */
import { listGrants, ListQuery } from '../links/list-links.ts'
import { defineOperation } from '../operation.ts'
import { pageOf } from '../schemas.ts'
import { ShareSchema, viewShare } from './share-view.ts'

export const listShares = defineOperation({
  id: 'listShares',
  method: 'GET',
  path: '/v1/shares',
  tag: 'Shares',
  summary: 'List the shares made, newest first',
  description:
    'They are among the links of `GET /v1/links`, too. A page of one `status` may hold fewer than `limit`, or none, while `nextCursor` says that more follow.',
  access: 'key',
  bodyKind: 'none',
  query: ListQuery,
  answers: { 200: pageOf('shares', ShareSchema) },
  handle: async ({ core, principal, query }) => {
    const { links, nextCursor } = await listGrants(core, principal, { ...query, isShare: true })
    return { status: 200, body: { shares: links.map(viewShare), nextCursor } }
  },
})
