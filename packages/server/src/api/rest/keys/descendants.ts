/** A key and what it made: seen before, and ended with it if that is wanted. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { listDescendants, revokeKey } from '../../../core/keys/revoke-key.ts'
import type { KeyRecord } from '../../../core/keys/revoke-key.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import type { RestAnswer } from '../operation.ts'
import { Id, Time, formatTime, named, strictObject } from '../schemas.ts'

const DescendantSchema = named(
  'KeyDescendant',
  strictObject(
    {
      id: Id,
      kind: Type.Union([Type.Literal('api-key'), Type.Literal('access-key')]),
      name: Type.String(),
      createdAt: Time,
      createdBy: Type.String({ description: 'The key that made it.' }),
    },
    'A living key that this one made, or one that it made.',
  ),
)

export const DescendantsSchema = strictObject({ descendants: Type.Array(DescendantSchema) })
export const RevokedKeysSchema = named(
  'RevokedKeys',
  strictObject(
    { revoked: Type.Array(Type.String(), { description: 'The ids of the keys that ended.' }) },
    'What ended.',
  ),
)
export const RevocationQuery = strictObject({
  descendants: Type.Optional(
    Type.Boolean({
      description: 'True: the keys that it made end too, and all links that it and they issued.',
    }),
  ),
})

export async function showDescendants(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<Static<typeof DescendantsSchema>> {
  return { descendants: (await listDescendants(core, permit, id)).map(viewDescendant) }
}

/** Says which keys ended if more than one could. */
export async function endKey(
  core: CoreContext,
  permit: Permit<'admin'>,
  { id, descendants }: { readonly id: string; readonly descendants: boolean },
): Promise<RestAnswer> {
  const revoked = await revokeKey(core, permit, id, { descendants })
  return descendants ? { status: 200, body: { revoked } } : { status: 204 }
}

function viewDescendant(key: KeyRecord): Static<typeof DescendantSchema> {
  const { id, name, createdAt, createdBy } = key
  const kind = 'secretHash' in key ? 'api-key' : 'access-key'
  return { id, kind, name, createdAt: formatTime(createdAt), createdBy }
}
