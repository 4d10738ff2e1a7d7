/** `GET /v1/links/{id}`: who made it, for what, how often it was used. */
import { getLink as getLinkById } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { IdParams, LinkSchema } from '../schemas.ts'
import { viewLink } from '../views.ts'

export const getLink: Operation = defineOperation({
  id: 'getLink',
  method: 'GET',
  path: '/v1/links/{id}',
  tag: 'Links',
  summary: 'Get a link',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: LinkSchema },
  handle: async ({ core, principal, params }) => ({
    status: 200,
    body: viewLink(await getLinkById(core, principal, params.id)),
  }),
})
