/** `DELETE /v1/api-keys/{id}`. */
import { listApiKeys } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { RevocationQuery, RevokedKeysSchema, endKey } from './descendants.ts'
import { requireKeyIn } from './require-key.ts'

export const revokeApiKey = defineOperation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/v1/api-keys/{id}',
  tag: 'Keys',
  summary: 'Revoke an API key',
  description:
    'It is refused everywhere within a second. Links it issued go on, unless `descendants` takes them; revoke them by folder or file, or by this key.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  query: RevocationQuery,
  answers: { 204: null, 200: RevokedKeysSchema },
  handle: async ({ core, permit, params, query }) => {
    requireKeyIn(await listApiKeys(core, permit), params.id)
    return endKey(core, permit, { id: params.id, descendants: query.descendants === true })
  },
})
