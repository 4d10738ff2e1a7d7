/** `DELETE /v1/access-keys/{id}`. */
import { listAccessKeys } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { RevocationQuery, RevokedKeysSchema, endKey } from './descendants.ts'
import { requireKeyIn } from './require-key.ts'

export const revokeAccessKey = defineOperation({
  id: 'revokeAccessKey',
  method: 'DELETE',
  path: '/v1/access-keys/{id}',
  tag: 'Keys',
  summary: 'Revoke an S3 key pair',
  description: 'Requests and URLs signed with it are refused everywhere within a second.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  query: RevocationQuery,
  answers: { 204: null, 200: RevokedKeysSchema },
  handle: async ({ core, permit, params, query }) => {
    requireKeyIn(await listAccessKeys(core, permit), params.id)
    return endKey(core, permit, { id: params.id, descendants: query.descendants === true })
  },
})
