/** `DELETE /v1/files/{id}`. */
import { deleteFile as deleteFileAt, getFile } from '../../../core/files/files.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const deleteFile: Operation = defineOperation({
  id: 'deleteFile',
  method: 'DELETE',
  path: '/v1/files/{id}',
  tag: 'Files',
  summary: 'Delete a file',
  description: 'Every link to it ends. Needs the rights to read and to delete.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const file = await getFile(core, principal, params.id)
    await deleteFileAt(core, principal, file)
    return { status: 204 }
  },
})
