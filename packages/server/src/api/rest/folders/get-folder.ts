/** `GET /v1/folders/{path}`: what holds in a folder, its own setting or an inherited one. */
import { Type } from 'typebox'
import { getFolder as getFolderAt } from '../../../core/folders/folders.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { readFolderPath } from './folder-path.ts'
import { FolderSchema, viewFolder } from './folder-view.ts'

export const getFolder = defineOperation({
  id: 'getFolder',
  method: 'GET',
  path: '/v1/folders/{path}',
  takesRest: true,
  tag: 'Folders',
  summary: 'Get what holds in a folder',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ path: Type.String() }),
  answers: { 200: FolderSchema },
  handle: async ({ core, principal, rawPath }) => {
    const permit = await authorize(core, principal, 'list', readFolderPath(rawPath))
    return { status: 200, body: viewFolder(await getFolderAt(core, permit)) }
  },
})
