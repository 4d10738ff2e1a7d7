/** `GET /v1/links/{id}`: who made it, for what, and what became of it. */
import { authorizeLink } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { LinkSchema, viewLink } from './link-view.ts'

export const getLink = defineOperation({
  id: 'getLink',
  method: 'GET',
  path: '/v1/links/{id}',
  tag: 'Links',
  summary: 'Get a link',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: LinkSchema },
  handle: async ({ core, principal, params }) => {
    const { link } = await authorizeLink(core, principal, params.id)
    return { status: 200, body: viewLink(link) }
  },
})
