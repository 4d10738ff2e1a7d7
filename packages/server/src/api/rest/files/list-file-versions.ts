/** `GET /v1/files/{id}/versions`: what lies behind a file, the latest first; of a deleted one, too. */
import { Type } from 'typebox'
import { authorizeHistory, listVersionsOf } from '../../../core/files/versions.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, IdParams, Limit, pageOf, strictObject } from '../schemas.ts'
import { VersionSchema, viewVersion } from './version-view.ts'

export const listFileVersions = defineOperation({
  id: 'listFileVersions',
  method: 'GET',
  path: '/v1/files/{id}/versions',
  tag: 'Files',
  summary: 'List the versions of a file',
  description:
    'The latest first. A bucket that keeps no versions has one of each file; switch them on with `PutBucketVersioning` of the S3 API.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  query: strictObject({ limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }),
  answers: { 200: pageOf('versions', VersionSchema) },
  handle: async ({ core, principal, params, query }) => {
    const { permit } = await authorizeHistory(core, principal, 'read', params.id)
    const after = parseCursor(query.cursor)
    const { versions, nextAfter } = await listVersionsOf(core, permit, {
      after: after === '' ? null : after,
      limit: query.limit ?? DEFAULT_PAGE,
    })
    return {
      status: 200,
      body: { versions: versions.map(viewVersion), nextCursor: formatCursor(nextAfter) },
    }
  },
})
