/** `GET /v1/master-key`. */
import { getMasterKey as getMasterKeyOf } from '../../../core/keys/master-key.ts'
import { defineOperation } from '../operation.ts'
import { MasterKeySchema, viewMasterKey } from './master-key-view.ts'

export const getMasterKey = defineOperation({
  id: 'getMasterKey',
  method: 'GET',
  path: '/v1/master-key',
  tag: 'Keys',
  summary: 'Since when the master key seals',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: MasterKeySchema },
  handle: ({ core, permit }) =>
    Promise.resolve({ status: 200, body: viewMasterKey(getMasterKeyOf(core, permit)) }),
})
