/** `PATCH /v1/access-keys/{id}`: off, and on again. */
import { Type } from 'typebox'
import { listAccessKeys, setAccessKeyDisabled } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, strictObject } from '../schemas.ts'
import { AccessKeySchema, viewAccessKey } from './key-view.ts'
import { requireKeyIn } from './require-key.ts'

export const updateAccessKey = defineOperation({
  id: 'updateAccessKey',
  method: 'PATCH',
  path: '/v1/access-keys/{id}',
  tag: 'Keys',
  summary: 'Switch an S3 key pair off or on',
  description:
    'Off, its requests and the URLs signed with it are refused everywhere within a second; on again, those that are in time work again.',
  access: 'admin',
  bodyKind: 'json',
  params: IdParams,
  body: strictObject({ disabled: Type.Boolean() }),
  answers: { 200: AccessKeySchema },
  handle: async ({ core, permit, params, body }) => {
    requireKeyIn(await listAccessKeys(core, permit), params.id)
    const record = await setAccessKeyDisabled(core, permit, params.id, body.disabled)
    return { status: 200, body: viewAccessKey(record) }
  },
})
