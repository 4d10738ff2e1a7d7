/** `GET /v1/folders/{path}/policy`: what holds in a folder, line by line, and where each line comes from. */
import { Type } from 'typebox'
import { authorize } from '../../../core/policy/authorize.ts'
import { getPolicy } from '../../../core/folders/folder-policy.ts'
import { readFolderPath } from '../folders/folder-path.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { PolicyViewSchema, viewPolicy } from './policy-view.ts'

export const getFolderPolicy = defineOperation({
  id: 'getFolderPolicy',
  method: 'GET',
  path: '/v1/folders/{path}/policy',
  takesRest: true,
  tag: 'Policies',
  summary: 'Get the policy of a folder',
  description:
    'Every line that holds, and the folder that says so. A folder whose own name is `policy` is written with a slash at its end in `/v1/folders/{path}/`.',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ path: Type.String() }),
  answers: { 200: PolicyViewSchema },
  handle: async ({ core, principal, rawPath }) => {
    const permit = await authorize(core, principal, 'list', readFolderPath(rawPath, '/policy'))
    return { status: 200, body: viewPolicy(await getPolicy(core, permit)) }
  },
})
