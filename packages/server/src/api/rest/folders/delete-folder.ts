/** `DELETE /v1/folders/{path}`: the folder's own settings, not its files. */
import { Type } from 'typebox'
import { deleteFolder as deleteFolderAt } from '../../../core/folders/folders.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { readFolderPath } from './folder-path.ts'
import { ClosedFolderSchema } from './folder-view.ts'

export const deleteFolder = defineOperation({
  id: 'deleteFolder',
  method: 'DELETE',
  path: '/v1/folders/{path}',
  takesRest: true,
  tag: 'Folders',
  summary: 'Remove the settings of a folder',
  description:
    'The folder inherits again. Its files stay. The answer has a body if it was public and is private now.',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ path: Type.String() }),
  answers: { 204: null, 200: ClosedFolderSchema },
  handle: async ({ core, principal, rawPath }) => {
    const permit = await authorize(core, principal, 'admin', readFolderPath(rawPath))
    const purge = await deleteFolderAt(core, permit)
    return purge.length === 0 ? { status: 204 } : { status: 200, body: { purge } }
  },
})
