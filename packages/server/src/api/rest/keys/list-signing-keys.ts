/** `GET /v1/signing-keys`: the keys the server signs its own links with; never their secrets. */
import { Type } from 'typebox'
import { listAccessKeys } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { SigningKeySchema, strictObject } from '../schemas.ts'
import { viewSigningKey } from '../views.ts'

export const listSigningKeys: Operation = defineOperation({
  id: 'listSigningKeys',
  method: 'GET',
  path: '/v1/signing-keys',
  tag: 'Keys',
  summary: 'List the signing keys',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ signingKeys: Type.Array(SigningKeySchema) }) },
  handle: async ({ core, principal }) => {
    const keys = await listAccessKeys(core, principal)
    const own = keys.filter(({ kind }) => kind === 'signing')
    return { status: 200, body: { signingKeys: own.map(viewSigningKey) } }
  },
})
