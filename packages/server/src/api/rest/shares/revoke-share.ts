/** `DELETE /v1/shares/{id}`: its page, and every URL that it handed out, are dead from this answer on. */
import { revokeLink } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { authorizeShare } from './share-view.ts'

export const revokeShare = defineOperation({
  id: 'revokeShare',
  method: 'DELETE',
  path: '/v1/shares/{id}',
  tag: 'Shares',
  summary: 'Revoke a share',
  description:
    'Ends its page and every URL that it handed out; what is under way is cut. Its record stays and says when. Revoking twice is fine.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const { permit, link } = await authorizeShare(core, principal, params.id)
    await revokeLink(core, permit, link)
    return { status: 204 }
  },
})
