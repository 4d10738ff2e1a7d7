/** `DELETE /v1/files/{id}/versions/{version}`: one version, for good. */
import { Type } from 'typebox'
import { authorizeHistory, purgeVersion } from '../../../core/files/versions.ts'
import { defineOperation } from '../operation.ts'
import { Id, strictObject } from '../schemas.ts'
import { VERSION_PATTERN } from './version-view.ts'

export const deleteFileVersion = defineOperation({
  id: 'deleteFileVersion',
  method: 'DELETE',
  path: '/v1/files/{id}/versions/{version}',
  tag: 'Files',
  summary: 'Delete a version for good',
  description:
    'Its bytes are given back, and nothing restores it. If it was the latest, the one before it becomes current; without the mark that says it was deleted, a file is there again.',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ id: Id, version: Type.String({ pattern: VERSION_PATTERN }) }),
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const { permit } = await authorizeHistory(core, principal, 'delete', params.id)
    await purgeVersion(core, permit, params.version)
    return { status: 204 }
  },
})
