/** `PUT /v1/folders/{path}`: the visibility and policy of a folder. */
import { Type } from 'typebox'
import { isDomainError } from '../../../core/errors.ts'
import { createBucket } from '../../../core/files/buckets.ts'
import { putFolder as putFolderAt } from '../../../core/folders/folders.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { Bytes, FolderSchema, Seconds, strictObject } from '../schemas.ts'
import { viewFolder } from '../views.ts'
import { readFolderPath } from './folder-path.ts'

const Policy = strictObject(
  {
    maxDownloadSeconds: Type.Optional(Seconds),
    maxUploadSeconds: Type.Optional(Seconds),
    maxBytes: Type.Optional(Bytes),
  },
  'What the folder lowers; it can raise nothing.',
)

export const putFolder: Operation = defineOperation({
  id: 'putFolder',
  method: 'PUT',
  path: '/v1/folders/{path}',
  takesRest: true,
  tag: 'Folders',
  summary: 'Set visibility and policy of a folder',
  description:
    'Replaces what was set before. `visibility: null` inherits from the folder above; at the top a folder is private. A bucket that is missing is made.',
  access: 'key',
  bodyKind: 'json',
  params: strictObject({ path: Type.String() }),
  body: strictObject({
    visibility: Type.Optional(
      Type.Union([Type.Literal('public'), Type.Literal('private'), Type.Null()]),
    ),
    policy: Type.Optional(Policy),
  }),
  answers: { 200: FolderSchema },
  handle: async ({ core, principal, rawPath, body }) => {
    const path = readFolderPath(rawPath)
    const { visibility = null, policy = {} } = body
    const change = { path, visibility, policy }
    try {
      return { status: 200, body: viewFolder(await putFolderAt(core, principal, change)) }
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'bucket-not-found') throw error
      await createBucket(core, principal, path.slice(0, path.indexOf('/')))
      return { status: 200, body: viewFolder(await putFolderAt(core, principal, change)) }
    }
  },
})
