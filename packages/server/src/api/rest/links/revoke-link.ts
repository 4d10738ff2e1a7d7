/** `DELETE /v1/links/{id}`: the link is dead from this answer on. */
import { revokeLink as revokeLinkById } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const revokeLink: Operation = defineOperation({
  id: 'revokeLink',
  method: 'DELETE',
  path: '/v1/links/{id}',
  tag: 'Links',
  summary: 'Revoke one link',
  description: 'Its record stays and says when. Revoking twice is fine.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    await revokeLinkById(core, principal, params.id)
    return { status: 204 }
  },
})
