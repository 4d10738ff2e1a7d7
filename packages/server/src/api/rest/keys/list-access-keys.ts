/** `GET /v1/access-keys`: the S3 key pairs given to clients, revoked ones too. */
import { Type } from 'typebox'
import { listAccessKeys as listAccessKeysOf } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { AccessKeySchema, strictObject } from '../schemas.ts'
import { viewAccessKey } from '../views.ts'

export const listAccessKeys: Operation = defineOperation({
  id: 'listAccessKeys',
  method: 'GET',
  path: '/v1/access-keys',
  tag: 'Keys',
  summary: 'List the S3 key pairs',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ accessKeys: Type.Array(AccessKeySchema) }) },
  handle: async ({ core, principal }) => {
    const keys = await listAccessKeysOf(core, principal)
    const given = keys.filter(({ kind }) => kind === 'access')
    return { status: 200, body: { accessKeys: given.map(viewAccessKey) } }
  },
})
