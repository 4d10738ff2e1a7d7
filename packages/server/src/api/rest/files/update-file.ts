/** `PATCH /v1/files/{id}`: another name or place for the same file. */
import { Type } from 'typebox'
import { moveFile } from '../../../core/files/files.ts'
import { resolveFolder } from '../../../core/folders/resolve-folder.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { FileSchema, IdParams, Path, strictObject } from '../schemas.ts'
import { viewFile } from '../views.ts'

export const updateFile: Operation = defineOperation({
  id: 'updateFile',
  method: 'PATCH',
  path: '/v1/files/{id}',
  tag: 'Files',
  summary: 'Rename or move a file',
  description: 'The id stays. Links to the old path end, because they name the path.',
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
  answers: { 200: FileSchema },
  handle: async ({ core, principal, params, body }) => {
    const overwrite = body.overwrite ?? false
    const file = await moveFile(core, principal, params.id, { path: body.path, overwrite })
    const { visibility } = await resolveFolder(core, file.bucket, file.key)
    return { status: 200, body: await viewFile(core, file, { visibility, mayRead: true }) }
  },
})
