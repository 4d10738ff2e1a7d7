/** `GET /v1/shares/{id}`. */
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { ShareSchema, authorizeShare, viewShare } from './share-view.ts'

export const getShare = defineOperation({
  id: 'getShare',
  method: 'GET',
  path: '/v1/shares/{id}',
  tag: 'Shares',
  summary: 'Get a share',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: ShareSchema },
  handle: async ({ core, principal, params }) => {
    const { link } = await authorizeShare(core, principal, params.id)
    return { status: 200, body: viewShare(link) }
  },
})
