/** `PATCH /v1/links/{id}`: the URL that is out there allows less from this answer on. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { authorizeLink } from '../../../core/links/links.ts'
import { narrowLink as narrowLinkOf } from '../../../core/links/narrow-link.ts'
import type { Narrowing } from '../../../core/links/narrow-link.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, Time, named, strictObject } from '../schemas.ts'
import { LinkRequest } from './link-request.ts'
import { AskedTerms, parseTime } from './link-terms.ts'
import { LinkSchema, viewLink } from './link-view.ts'

const { notBefore, ip, maxBytes, contentTypes, sha256, overwrite } = AskedTerms

export const NarrowRequest = named(
  'LinkChange',
  strictObject({
    expiresAt: Type.Optional(Time),
    maxUses: LinkRequest.properties.maxUses,
    label: Type.Optional(Type.Union([AskedTerms.label, Type.Null()])),
    notBefore,
    ip,
    maxBytes,
    contentTypes,
    sha256,
    overwrite,
  }),
)

export const narrowLink = defineOperation({
  id: 'narrowLink',
  method: 'PATCH',
  path: '/v1/links/{id}',
  tag: 'Links',
  summary: 'Shorten or narrow a link',
  description:
    'What is left out stays. A link can only be made to allow less: an earlier end (one that is past is now), a later beginning, fewer uses, addresses within those it has. Its label is a name and may be any.',
  access: 'key',
  bodyKind: 'json',
  params: IdParams,
  body: NarrowRequest,
  answers: { 200: LinkSchema },
  handle: async ({ core, principal, params, body }) => {
    const { permit } = await authorizeLink(core, principal, params.id)
    const link = await narrowLinkOf(core, permit, params.id, readNarrowing(body))
    return { status: 200, body: viewLink(link) }
  },
})

export function readNarrowing({
  expiresAt,
  notBefore: begins,
  ip: addresses,
  ...rest
}: Static<typeof NarrowRequest>): Narrowing {
  return {
    ...rest,
    ...(expiresAt !== undefined && { expiresAt: parseTime('expiresAt', expiresAt) }),
    ...(begins !== undefined && { notBefore: parseTime('notBefore', begins) }),
    ...(addresses !== undefined && {
      ips: typeof addresses === 'string' ? [addresses] : addresses,
    }),
  }
}
