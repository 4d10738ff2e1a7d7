/** `GET /v1/signing-keys`: the keys the server signs its own links with; never their secrets. */
import { Type } from 'typebox'
import { listSigningKeys as listSigningKeysOf } from '../../../core/keys/signing-keys.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { SigningKeySchema, viewSigningKey } from './key-view.ts'

export const listSigningKeys = defineOperation({
  id: 'listSigningKeys',
  method: 'GET',
  path: '/v1/signing-keys',
  tag: 'Keys',
  summary: 'List the signing keys',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ signingKeys: Type.Array(SigningKeySchema) }) },
  handle: async ({ core, permit }) => {
    const keys = await listSigningKeysOf(core, permit)
    return { status: 200, body: { signingKeys: keys.map(viewSigningKey) } }
  },
})
