/** `PATCH /v1/shares/{id}`: the page that is out there allows less, or tells something else, from this answer on. */
import { Type } from 'typebox'
import { changeShare as changeShareOf } from '../../../core/shares/change-share.ts'
import { NarrowRequest, readNarrowing } from '../links/narrow-link.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, named, strictObject } from '../schemas.ts'
import { ToldSchema } from './share-request.ts'
import { ShareSchema, authorizeShare, viewShare } from './share-view.ts'

const { sha256: _sha256, overwrite: _overwrite, ...narrowing } = NarrowRequest.properties
const { password, greeting, owner } = ToldSchema

export const changeShare = defineOperation({
  id: 'changeShare',
  method: 'PATCH',
  path: '/v1/shares/{id}',
  tag: 'Shares',
  summary: 'Shorten or narrow a share, or change what it says',
  description:
    'What is left out stays. A share can only be made to allow less; a password can be set or replaced, which ends the sessions of those who knew the one before, and not taken away. Greeting, owner and label may be any, or null.',
  access: 'key',
  bodyKind: 'json',
  params: IdParams,
  body: named(
    'ShareChange',
    strictObject({
      ...narrowing,
      password,
      greeting: Type.Optional(Type.Union([greeting, Type.Null()])),
      owner: Type.Optional(Type.Union([owner, Type.Null()])),
    }),
  ),
  answers: { 200: ShareSchema },
  handle: async ({ core, principal, params, body }) => {
    const { permit } = await authorizeShare(core, principal, params.id)
    const { password: secret, greeting: said, owner: named, ...rest } = body
    const told = {
      ...(secret !== undefined && { password: secret }),
      ...(said !== undefined && { greeting: said }),
      ...(named !== undefined && { owner: named }),
    }
    const changed = await changeShareOf(core, permit, params.id, {
      ...readNarrowing(rest),
      ...told,
    })
    return { status: 200, body: viewShare(changed) }
  },
})
