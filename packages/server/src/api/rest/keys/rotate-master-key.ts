/** `POST /v1/master-key/rotate`: a new one seals from now on, and everything stored is put under it. */
import { Type } from 'typebox'
import { rotateMasterKey as rotate } from '../../../core/keys/master-key.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { MasterKeySchema, viewMasterKey } from './master-key-view.ts'

export const rotateMasterKey = defineOperation({
  id: 'rotateMasterKey',
  method: 'POST',
  path: '/v1/master-key/rotate',
  tag: 'Keys',
  summary: 'Rotate the master key',
  description:
    'The answer comes when every stored secret is under the new key. What a crash breaks off is gone on with. The keys before it open session tokens for 13 hours more, and are then let go of.',
  access: 'admin',
  bodyKind: 'none',
  answers: {
    200: strictObject({
      ...MasterKeySchema.properties,
      resealed: Type.Integer({ description: 'How many secrets were put under it.' }),
    }),
  },
  handle: async ({ core, permit }) => {
    const { resealed, ...view } = await rotate(core, permit)
    return { status: 200, body: { ...viewMasterKey(view), resealed } }
  },
})
