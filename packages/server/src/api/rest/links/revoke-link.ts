/** `DELETE /v1/links/{id}`: the link is dead from this answer on. */
import { authorizeLink, revokeLink as revokeLinkOf } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const revokeLink = defineOperation({
  id: 'revokeLink',
  method: 'DELETE',
  path: '/v1/links/{id}',
  tag: 'Links',
  summary: 'Revoke one link',
  description:
    'Its record stays and says when. Revoking twice is fine. The `linkId` of a `signedUrl` does as well.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const { permit, link } = await authorizeLink(core, principal, params.id)
    await revokeLinkOf(core, permit, link)
    return { status: 204 }
  },
})
