/** `DELETE /v1/signing-keys/{id}`: for one that leaked. */
import { endSigningKey as endSigningKeyOf } from '../../../core/keys/signing-keys.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const endSigningKey = defineOperation({
  id: 'endSigningKey',
  method: 'DELETE',
  path: '/v1/signing-keys/{id}',
  tag: 'Keys',
  summary: 'End a signing key at once',
  description:
    'For one that leaked: every link that it signed is dead within a second. The active one gets a successor first.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, permit, params }) => {
    await endSigningKeyOf(core, permit, params.id)
    return { status: 204 }
  },
})
