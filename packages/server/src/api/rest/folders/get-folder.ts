/** `GET /v1/folders/{path}`: what holds in a folder, its own setting or an inherited one. */
import { Type } from 'typebox'
import { getFolder as getFolderAt } from '../../../core/folders/folders.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { FolderSchema, strictObject } from '../schemas.ts'
import { viewFolder } from '../views.ts'
import { readFolderPath } from './folder-path.ts'

export const getFolder: Operation = defineOperation({
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
  handle: async ({ core, principal, rawPath }) => ({
    status: 200,
    body: viewFolder(await getFolderAt(core, principal, readFolderPath(rawPath))),
  }),
})
