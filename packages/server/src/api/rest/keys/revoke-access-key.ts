/** `DELETE /v1/access-keys/{id}`. */
import { listAccessKeys } from '../../../core/keys/access-keys.ts'
import { revokeKey } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { requireKeyIn } from './require-key.ts'

export const revokeAccessKey: Operation = defineOperation({
  id: 'revokeAccessKey',
  method: 'DELETE',
  path: '/v1/access-keys/{id}',
  tag: 'Keys',
  summary: 'Revoke an S3 key pair',
  description: 'Requests and URLs signed with it are refused everywhere within a second.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const keys = await listAccessKeys(core, principal)
    requireKeyIn(
      keys.filter(({ kind }) => kind === 'access'),
      params.id,
    )
    await revokeKey(core, principal, params.id)
    return { status: 204 }
  },
})
