/** `PUT /v1/policy`: replaces the policy, at once and for links that are out there as well. */
import { putPolicy } from '../../../core/folders/folder-policy.ts'
import { defineOperation } from '../operation.ts'
import { PolicyRequest, PolicyViewSchema, readPolicy, viewPolicy } from './policy-view.ts'

export const putInstancePolicy = defineOperation({
  id: 'putInstancePolicy',
  method: 'PUT',
  path: '/v1/policy',
  tag: 'Policies',
  summary: 'Set the policy of the instance',
  description:
    'Replaces what was set before: `{}` is the standard again. All of it holds at once, for links issued before as well.',
  access: 'admin',
  bodyKind: 'json',
  body: PolicyRequest,
  answers: { 200: PolicyViewSchema },
  handle: async ({ core, permit, body }) => {
    return { status: 200, body: viewPolicy(await putPolicy(core, permit, readPolicy(body))) }
  },
})
