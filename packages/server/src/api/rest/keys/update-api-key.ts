/** `PATCH /v1/api-keys/{id}`: another quota. */
import { listApiKeys } from '../../../core/keys/api-keys.ts'
import { changeQuota } from '../../../core/keys/change-quota.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, strictObject } from '../schemas.ts'
import { ApiKeySchema, QuotaChangeWish, viewApiKey } from './key-view.ts'
import { requireKeyIn } from './require-key.ts'

export const updateApiKey = defineOperation({
  id: 'updateApiKey',
  method: 'PATCH',
  path: '/v1/api-keys/{id}',
  tag: 'Keys',
  summary: 'Change the quota of an API key',
  description:
    'Wider or narrower, from the next write on; what lies there already stays. For keys that were made with a quota of their own, and by keys that have none.',
  access: 'admin',
  bodyKind: 'json',
  params: IdParams,
  body: strictObject({ quota: QuotaChangeWish }),
  answers: { 200: ApiKeySchema },
  handle: async ({ core, permit, params, body }) => {
    const key = requireKeyIn(await listApiKeys(core, permit), params.id)
    await changeQuota(core, permit, key, body.quota)
    const changed = requireKeyIn(await listApiKeys(core, permit), params.id)
    return { status: 200, body: viewApiKey(changed) }
  },
})
