/** `PATCH /v1/files/{id}`: another name or place for the same file. */
import { Type } from 'typebox'
import { refusal } from '../../../core/errors.ts'
import { moveFile } from '../../../core/files/files.ts'
import { parseFilePath } from '../../../core/paths.ts'
import { authorize, authorizeFile, mayAlso } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, Path, strictObject } from '../schemas.ts'
import { answerHeld } from '../quarantine/answer-held.ts'
import { HeldSchema } from '../quarantine/held-view.ts'
import { FileSchema, readPermit, viewFile } from './file-view.ts'

export const updateFile = defineOperation({
  id: 'updateFile',
  method: 'PATCH',
  path: '/v1/files/{id}',
  tag: 'Files',
  summary: 'Rename or move a file',
  description: 'The id stays. Links to the file end, and so do those to what it replaces.',
  access: 'key',
  bodyKind: 'json',
  params: IdParams,
  body: strictObject({
    path: Path,
    overwrite: Type.Optional(
      Type.Boolean({
        description: 'True: a file at the target is replaced. Otherwise it is refused.',
      }),
    ),
  }),
  answers: { 200: FileSchema, 202: HeldSchema },
  handle: async ({ core, principal, params, body }) => {
    const { permit: from } = await authorizeFile(core, principal, 'delete', params.id)
    if (!(await mayAlso(core, from, 'read'))) throw refusal('forbidden', { action: 'read' })
    const to = await authorize(core, principal, 'write', parseFilePath(body.path))
    const { file, held } = await moveFile(core, { from, to }, body.overwrite ?? false)
    if (held !== null) return answerHeld(held)
    return { status: 200, body: await viewFile(core, file, await readPermit(core, to)) }
  },
})
