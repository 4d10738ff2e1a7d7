/** `GET /v1/policy`: what holds everywhere, line by line, and where each line comes from. */
import { getPolicy } from '../../../core/folders/folder-policy.ts'
import { defineOperation } from '../operation.ts'
import { PolicyViewSchema, viewPolicy } from './policy-view.ts'

export const getInstancePolicy = defineOperation({
  id: 'getInstancePolicy',
  method: 'GET',
  path: '/v1/policy',
  tag: 'Policies',
  summary: 'Get the policy of the instance',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: PolicyViewSchema },
  handle: async ({ core, permit }) => {
    return { status: 200, body: viewPolicy(await getPolicy(core, permit)) }
  },
})
