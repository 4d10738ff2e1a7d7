/** `GET /v1/files/{id}`: the file, with `signedUrl` if it is private and `url` if it is public. */
import { Type } from 'typebox'
import { authorizeFile } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { DispositionSchema, IdParams, strictObject } from '../schemas.ts'
import { FileSchema, viewFile } from './file-view.ts'

const Query = strictObject({ disposition: Type.Optional(DispositionSchema) })

export const getFile = defineOperation({
  id: 'getFile',
  method: 'GET',
  path: '/v1/files/{id}',
  tag: 'Files',
  summary: 'Get a file and a URL that fetches it',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  query: Query,
  answers: { 200: FileSchema },
  handle: async ({ core, principal, params, query }) => {
    const { permit, file } = await authorizeFile(core, principal, 'read', params.id)
    return { status: 200, body: await viewFile(core, file, permit, query.disposition) }
  },
})
