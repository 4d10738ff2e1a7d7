/** `POST /v1/links/{id}/resume`. */
import { authorizeLink, resumeLink as resumeLinkOf } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const resumeLink = defineOperation({
  id: 'resumeLink',
  method: 'POST',
  path: '/v1/links/{id}/resume',
  tag: 'Links',
  summary: 'Let a paused link go on',
  description:
    'Within its life: the pause does not make it longer. One that is not paused goes on as it does.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const { permit, link } = await authorizeLink(core, principal, params.id)
    await resumeLinkOf(core, permit, link)
    return { status: 204 }
  },
})
