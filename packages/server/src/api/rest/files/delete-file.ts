/** `DELETE /v1/files/{id}`. */
import { refusal } from '../../../core/errors.ts'
import { deleteFile as deleteFileAt } from '../../../core/files/files.ts'
import { authorizeFile, mayAlso } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const deleteFile = defineOperation({
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
    const { permit } = await authorizeFile(core, principal, 'delete', params.id)
    if (!(await mayAlso(core, permit, 'read'))) throw refusal('forbidden', { action: 'read' })
    await deleteFileAt(core, permit)
    return { status: 204 }
  },
})
