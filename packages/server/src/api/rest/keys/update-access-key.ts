/** `PATCH /v1/access-keys/{id}`: off, and on again; another quota. */
import { Type } from 'typebox'
import { listAccessKeys, setAccessKeyDisabled } from '../../../core/keys/access-keys.ts'
import { changeQuota } from '../../../core/keys/change-quota.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, strictObject } from '../schemas.ts'
import { AccessKeySchema, QuotaChangeWish, viewAccessKey } from './key-view.ts'
import { requireKeyIn } from './require-key.ts'

export const updateAccessKey = defineOperation({
  id: 'updateAccessKey',
  method: 'PATCH',
  path: '/v1/access-keys/{id}',
  tag: 'Keys',
  summary: 'Switch an S3 key pair off or on, or change its quota',
  description:
    'Off, its requests and the URLs signed with it are refused everywhere within a second; on again, those that are in time work again. Its quota is changed as that of an API key.',
  access: 'admin',
  bodyKind: 'json',
  params: IdParams,
  body: Type.Object(
    { disabled: Type.Optional(Type.Boolean()), quota: Type.Optional(QuotaChangeWish) },
    { additionalProperties: false, minProperties: 1 },
  ),
  answers: { 200: AccessKeySchema },
  handle: async ({ core, permit, params, body }) => {
    const { id } = params
    const key = requireKeyIn(await listAccessKeys(core, permit), id)
    const { disabled, quota } = body
    // First, because it may be refused.
    if (quota !== undefined) await changeQuota(core, permit, key, quota)
    if (disabled !== undefined) await setAccessKeyDisabled(core, permit, id, disabled)
    const changed = requireKeyIn(await listAccessKeys(core, permit), id)
    return { status: 200, body: viewAccessKey(changed) }
  },
})
