/** `POST /v1/files/{id}/restore`: undoes a delete or a change. */
import { Type } from 'typebox'
import { refusal } from '../../../core/errors.ts'
import { authorizeHistory, restoreVersion } from '../../../core/files/versions.ts'
import { mayAlso } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, strictObject } from '../schemas.ts'
import { FileSchema, readPermit, viewFile } from './file-view.ts'
import { VERSION_PATTERN } from './version-view.ts'

export const restoreFile = defineOperation({
  id: 'restoreFile',
  method: 'POST',
  path: '/v1/files/{id}/restore',
  tag: 'Files',
  summary: 'Bring back a version of a file',
  description:
    'A deleted file comes back as it was, under its id; its links stay ended. Of a file that is there the version named, or the one before the latest, becomes current again as a version of its own. Needs the rights to read and to write, and a bucket that keeps versions.',
  access: 'key',
  bodyKind: 'json',
  takesNoBody: true,
  params: IdParams,
  body: strictObject({
    version: Type.Optional(
      Type.String({
        pattern: VERSION_PATTERN,
        description: 'Which one; the one before the latest unless said otherwise.',
      }),
    ),
    ifDeleted: Type.Optional(
      Type.Boolean({
        description:
          'Only if it is deleted: a file that is there stays as it is, so that the undoing of a delete can be repeated.',
      }),
    ),
  }),
  answers: { 200: FileSchema },
  handle: async ({ core, principal, params, body }) => {
    const { permit, latest } = await authorizeHistory(core, principal, 'write', params.id)
    if (!(await mayAlso(core, permit, 'read'))) throw refusal('forbidden', { action: 'read' })
    const { version: versionId = null, ifDeleted = false } = body
    const file = await restoreVersion(core, permit, { latest, versionId, ifDeleted })
    return { status: 200, body: await viewFile(core, file, await readPermit(core, permit)) }
  },
})
