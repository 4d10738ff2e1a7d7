/** `DELETE /v1/api-keys/{id}`. */
import { listApiKeys, revokeKey } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { requireKeyIn } from './require-key.ts'

export const revokeApiKey: Operation = defineOperation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  tag: 'Keys',
  summary: 'Revoke an API key',
  description:
    'It is refused everywhere within a second. Links it issued go on; revoke them by folder or file.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    requireKeyIn(await listApiKeys(core, principal), params.id)
    await revokeKey(core, principal, params.id)
    return { status: 204 }
  },
})
