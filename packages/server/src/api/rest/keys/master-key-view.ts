/** The master key as the API shows it: never the key, only since when and what is left of those before it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { MasterKeyView } from '../../../core/keys/master-key.ts'
import { Time, strictObject } from '../schemas.ts'

export const MasterKeySchema = strictObject({
  since: Type.Union([Time, Type.Null()], {
    description: 'Since when it seals; `null` where it comes from a setting.',
  }),
  previous: Type.Integer({
    description: 'How many keys before it still open what they sealed.',
  }),
  isRotatable: Type.Boolean({
    description: 'False where it comes from a setting: then it is changed there.',
  }),
})

export function viewMasterKey({ since, ...view }: MasterKeyView): Static<typeof MasterKeySchema> {
  return { ...view, since: since === null ? null : new Date(since).toISOString() }
}
