/** `GET /v1/folders/{path}/policy/changes`: what the settings were, who changed them, and why. */
import { Type } from 'typebox'
import { authorize } from '../../../core/policy/authorize.ts'
import { listPolicyChanges } from '../../../core/folders/folder-policy.ts'
import { readFolderPath } from '../folders/folder-path.ts'
import { defineOperation } from '../operation.ts'
import { DEFAULT_PAGE, strictObject } from '../schemas.ts'
import { ChangesQuery, PolicyChangesSchema, readBefore, viewPolicyChanges } from './policy-view.ts'

export const listFolderPolicyChanges = defineOperation({
  id: 'listFolderPolicyChanges',
  method: 'GET',
  path: '/v1/folders/{path}/policy/changes',
  takesRest: true,
  tag: 'Policies',
  summary: 'List the changes of the policy of a folder, newest first',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ path: Type.String() }),
  query: strictObject(ChangesQuery),
  answers: { 200: PolicyChangesSchema },
  handle: async ({ core, principal, rawPath, query }) => {
    const permit = await authorize(
      core,
      principal,
      'list',
      readFolderPath(rawPath, '/policy/changes'),
    )
    const { limit = DEFAULT_PAGE, cursor } = query
    const changes = await listPolicyChanges(core, permit, { before: readBefore(cursor), limit })
    return { status: 200, body: viewPolicyChanges(changes, limit) }
  },
})
