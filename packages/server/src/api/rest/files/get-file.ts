/** `GET /v1/files/{id}`: the file, with `signedUrl` if it is private and `url` if it is public. */
import { getFile as getFileById } from '../../../core/files/files.ts'
import { resolveFolder } from '../../../core/folders/resolve-folder.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { FileSchema, IdParams } from '../schemas.ts'
import { viewFile } from '../views.ts'

export const getFile: Operation = defineOperation({
  id: 'getFile',
  method: 'GET',
  path: '/v1/files/{id}',
  tag: 'Files',
  summary: 'Get a file and a URL that fetches it',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: FileSchema },
  handle: async ({ core, principal, params }) => {
    const file = await getFileById(core, principal, params.id)
    const { visibility } = await resolveFolder(core, file.bucket, file.key)
    return { status: 200, body: await viewFile(core, file, { visibility, mayRead: true }) }
  },
})
