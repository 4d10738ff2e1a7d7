/** `GET /v1/files/{id}/content`: to the bytes, by way of a fresh URL. */
import { signFetch } from '../../../core/links/automatic-link.ts'
import { publicFileUrl } from '../../../core/links/sign.ts'
import { authorizeFile } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const getFileContent = defineOperation({
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
    const { permit, file } = await authorizeFile(core, principal, 'read', params.id)
    const isPublic = permit.folder.visibility === 'public'
    const location = isPublic
      ? publicFileUrl(core, file)
      : (await signFetch(core, permit, file)).url
    return { status: 302, headers: { location, 'cache-control': 'private, no-store' } }
  },
})
