/** `DELETE /v1/folders/{path}`: the folder's own settings, not its files. */
import { Type } from 'typebox'
import { deleteFolder as deleteFolderAt } from '../../../core/folders/folders.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { readFolderPath } from './folder-path.ts'

export const deleteFolder = defineOperation({
  id: 'deleteFolder',
  method: 'DELETE',
  path: '/v1/folders/{path}',
  takesRest: true,
  tag: 'Folders',
  summary: 'Remove the settings of a folder',
  description: 'The folder inherits again. Its files stay.',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ path: Type.String() }),
  answers: { 204: null },
  handle: async ({ core, principal, rawPath }) => {
    await deleteFolderAt(core, await authorize(core, principal, 'admin', readFolderPath(rawPath)))
    return { status: 204 }
  },
})
