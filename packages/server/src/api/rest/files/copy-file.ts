/** `POST /v1/files/{id}/copy`: another file with the same content, which moves no byte. */
import { Type } from 'typebox'
import { copyFile as copy } from '../../../core/files/copy-file.ts'
import { isRefusal, refusal } from '../../../core/errors.ts'
import { formatPath, parseFilePath } from '../../../core/paths.ts'
import { authorize, authorizeFile } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { answerHeld } from '../quarantine/answer-held.ts'
import { HeldSchema } from '../quarantine/held-view.ts'
import { IdParams, Path, strictObject } from '../schemas.ts'
import { FileSchema, readPermit, viewFile } from './file-view.ts'

/** As it is now, with all that it says of itself. */
const AS_IT_IS = {
  source: { versionId: null, conditions: {} },
  draft: null,
  tags: null,
  checksum: null,
} as const

export const copyFile = defineOperation({
  id: 'copyFile',
  method: 'POST',
  path: '/v1/files/{id}/copy',
  tag: 'Files',
  summary: 'Copy a file',
  description: 'Within the server: no byte is sent. The copy has an id and links of its own.',
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
  answers: { 201: FileSchema, 202: HeldSchema },
  handle: async ({ core, principal, params, body, signal }) => {
    const { permit: from } = await authorizeFile(core, principal, 'read', params.id)
    const to = await authorize(core, principal, 'write', parseFilePath(body.path))
    const request = { ...AS_IT_IS, ifAbsent: body.overwrite !== true }
    const { file, held } = await copy(core, { from, to }, request, signal).catch(
      (error: unknown) => {
        // The one condition that there is.
        if (!isRefusal(error, 'precondition-failed')) throw error
        throw refusal('file-exists', { path: formatPath(to.path) }, error)
      },
    )
    if (held !== null) return answerHeld(held)
    return { status: 201, body: await viewFile(core, file, await readPermit(core, to)) }
  },
})
