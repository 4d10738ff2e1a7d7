/** `GET /v1/access-keys`: the S3 key pairs given to clients, revoked ones too. */
import { Type } from 'typebox'
import { listAccessKeys as listAccessKeysOf } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { AccessKeySchema, viewAccessKey } from './key-view.ts'

export const listAccessKeys = defineOperation({
  id: 'listAccessKeys',
  method: 'GET',
  path: '/v1/access-keys',
  tag: 'Keys',
  summary: 'List the S3 key pairs',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ accessKeys: Type.Array(AccessKeySchema) }) },
  handle: async ({ core, permit }) => {
    const keys = await listAccessKeysOf(core, permit)
    return { status: 200, body: { accessKeys: keys.map(viewAccessKey) } }
  },
})
