/** `POST /v1/links/{id}/pause`. */
import { authorizeLink, pauseLink as pauseLinkOf } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const pauseLink = defineOperation({
  id: 'pauseLink',
  method: 'POST',
  path: '/v1/links/{id}/pause',
  tag: 'Links',
  summary: 'Let nobody have the file by a link until it is resumed',
  description:
    'Downloads under way are cut. Unlike a revocation it can be taken back. Pausing twice is fine.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const { permit, link } = await authorizeLink(core, principal, params.id)
    await pauseLinkOf(core, permit, link)
    return { status: 204 }
  },
})
