/** `POST /v1/signing-keys/rotate`: a new key signs from now on; links signed before go on until they run out. */
import { rotateSigningKey as rotate } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { SigningKeySchema } from '../schemas.ts'
import { viewSigningKey } from '../views.ts'

export const rotateSigningKey: Operation = defineOperation({
  id: 'rotateSigningKey',
  method: 'POST',
  path: '/v1/signing-keys/rotate',
  tag: 'Keys',
  summary: 'Rotate the signing key',
  access: 'admin',
  bodyKind: 'none',
  answers: { 201: SigningKeySchema },
  handle: async ({ core, principal }) => ({
    status: 201,
    body: viewSigningKey(await rotate(core, principal)),
  }),
})
