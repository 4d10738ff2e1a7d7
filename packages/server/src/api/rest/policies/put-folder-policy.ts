/** `PUT /v1/folders/{path}/policy`: replaces the policy, at once and for links that are out there as well. */
import { Type } from 'typebox'
import { authorize } from '../../../core/policy/authorize.ts'
import { putPolicy } from '../../../core/folders/folder-policy.ts'
import { readFolderPath } from '../folders/folder-path.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { PolicyRequest, PolicyViewSchema, readPolicy, viewPolicy } from './policy-view.ts'

export const putFolderPolicy = defineOperation({
  id: 'putFolderPolicy',
  method: 'PUT',
  path: '/v1/folders/{path}/policy',
  takesRest: true,
  tag: 'Policies',
  summary: 'Set the policy of a folder',
  description:
    'Replaces what was set before, and leaves the visibility. A line that loosens what holds above is refused. All of it holds at once, for links issued before as well.',
  access: 'key',
  bodyKind: 'json',
  params: strictObject({ path: Type.String() }),
  body: PolicyRequest,
  answers: { 200: PolicyViewSchema },
  handle: async ({ core, principal, rawPath, body }) => {
    const permit = await authorize(core, principal, 'admin', readFolderPath(rawPath, '/policy'))
    return { status: 200, body: viewPolicy(await putPolicy(core, permit, readPolicy(body))) }
  },
})
