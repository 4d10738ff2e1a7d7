/** `PUT /v1/folders/{path}`: the visibility and policy of a folder. */
import { Type } from 'typebox'
import { isRefusal } from '../../../core/errors.ts'
import { createMissingBucket } from '../../../core/buckets/buckets.ts'
import { putFolder as putFolderAt } from '../../../core/folders/folders.ts'
import type { FolderView, PurgeList } from '../../../core/folders/folders.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import type { RestAnswer } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { readFolderPath } from './folder-path.ts'
import { ChangedFolderSchema, viewFolder } from './folder-view.ts'
import { PolicySchema, ReasonSchema } from '../policies/policy-schema.ts'

export const putFolder = defineOperation({
  id: 'putFolder',
  method: 'PUT',
  path: '/v1/folders/{path}',
  takesRest: true,
  tag: 'Folders',
  summary: 'Set visibility and policy of a folder',
  description:
    'What is left out stays as it is. `visibility: null` inherits from the folder above, at the top a folder is private; `policy: null` takes away what the folder says of its own, and a policy replaces it as a whole. A bucket that is missing is made.',
  access: 'key',
  bodyKind: 'json',
  params: strictObject({ path: Type.String() }),
  body: strictObject({
    visibility: Type.Optional(
      Type.Union([Type.Literal('public'), Type.Literal('private'), Type.Null()]),
    ),
    policy: Type.Optional(Type.Union([PolicySchema, Type.Null()])),
    reason: Type.Optional(ReasonSchema),
  }),
  answers: { 200: ChangedFolderSchema },
  handle: async ({ core, principal, rawPath, body }) => {
    const path = readFolderPath(rawPath)
    const permit = await authorize(core, principal, 'admin', path)
    const { reason = null, ...settings } = body
    const change = { ...settings, reason }
    try {
      return answerWith(await putFolderAt(core, permit, change))
    } catch (error) {
      if (!isRefusal(error, 'bucket-not-found')) throw error
      await createMissingBucket(core, await authorize(core, principal, 'write', path))
      return answerWith(await putFolderAt(core, permit, change))
    }
  },
})

function answerWith({
  folder,
  purge,
}: {
  readonly folder: FolderView
  readonly purge: PurgeList
}): RestAnswer {
  const shown = viewFolder(folder)
  return { status: 200, body: purge.length === 0 ? shown : { ...shown, purge } }
}
