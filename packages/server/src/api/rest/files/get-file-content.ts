/** `GET /v1/files/{id}/content`: to the bytes, by way of a fresh URL. */
import { getFile } from '../../../core/files/files.ts'
import { resolveFolder } from '../../../core/folders/resolve-folder.ts'
import { publicFileUrl, signFileUrl } from '../../../core/links/issue-link.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const getFileContent: Operation = defineOperation({
  id: 'getFileContent',
  method: 'GET',
  path: '/v1/files/{id}/content',
  tag: 'Files',
  summary: 'Go to the bytes of a file',
  description: 'Redirects to a URL that was made for this request. The redirect must not be kept.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 302: null },
  handle: async ({ core, principal, params }) => {
    const file = await getFile(core, principal, params.id)
    const { visibility } = await resolveFolder(core, file.bucket, file.key)
    const location =
      visibility === 'public' ? publicFileUrl(core, file) : (await signFileUrl(core, file)).url
    return { status: 302, headers: { location, 'cache-control': 'private, no-store' } }
  },
})
