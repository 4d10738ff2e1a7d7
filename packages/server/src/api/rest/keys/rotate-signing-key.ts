/** `POST /v1/signing-keys/rotate`: a new key signs from now on; links signed before go on until they run out. */
import { rotateSigningKey as rotate } from '../../../core/keys/signing-keys.ts'
import { defineOperation } from '../operation.ts'
import { SigningKeySchema, viewSigningKey } from './key-view.ts'

export const rotateSigningKey = defineOperation({
  id: 'rotateSigningKey',
  method: 'POST',
  path: '/v1/signing-keys/rotate',
  tag: 'Keys',
  summary: 'Rotate the signing key',
  access: 'admin',
  bodyKind: 'none',
  answers: { 201: SigningKeySchema },
  handle: async ({ core, permit }) => ({
    status: 201,
    body: viewSigningKey(await rotate(core, permit)),
  }),
})
