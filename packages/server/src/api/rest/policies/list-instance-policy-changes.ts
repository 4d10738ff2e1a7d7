/** `GET /v1/policy/changes`: what the settings were, who changed them, and why. */
import { listPolicyChanges } from '../../../core/folders/folder-policy.ts'
import { defineOperation } from '../operation.ts'
import { DEFAULT_PAGE, strictObject } from '../schemas.ts'
import { ChangesQuery, PolicyChangesSchema, readBefore, viewPolicyChanges } from './policy-view.ts'

export const listInstancePolicyChanges = defineOperation({
  id: 'listInstancePolicyChanges',
  method: 'GET',
  path: '/v1/policy/changes',
  tag: 'Policies',
  summary: 'List the changes of the policy of the instance, newest first',
  access: 'admin',
  bodyKind: 'none',
  query: strictObject(ChangesQuery),
  answers: { 200: PolicyChangesSchema },
  handle: async ({ core, permit, query }) => {
    const { limit = DEFAULT_PAGE, cursor } = query
    const changes = await listPolicyChanges(core, permit, { before: readBefore(cursor), limit })
    return { status: 200, body: viewPolicyChanges(changes, limit) }
  },
})
