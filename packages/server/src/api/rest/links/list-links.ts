/** `GET /v1/links`: what was issued, newest first. */
import { Type } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import type { Principal } from '../../../core/identity.ts'
import { listLinks as listLinksOf } from '../../../core/links/links.ts'
import { parseFilePath, parseFolderPath } from '../../../core/paths.ts'
import { authorize, authorizeReach } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Id, Limit, pageOf, strictObject } from '../schemas.ts'
import { LinkSchema, StatusSchema, viewLink } from './link-view.ts'

export const listLinks = defineOperation({
  id: 'listLinks',
  method: 'GET',
  path: '/v1/links',
  tag: 'Links',
  summary: 'List the links issued, newest first',
  description:
    'The URLs that come with files by themselves (`signedUrl`) are listed once they were revoked. A page of one `status` may hold fewer links than `limit`, or none, while `nextCursor` says that more follow.',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    path: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: 'Only links to this file, or below this folder if it ends in a slash.',
      }),
    ),
    status: Type.Optional(StatusSchema),
    key: Type.Optional(Id),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: { 200: pageOf('links', LinkSchema) },
  handle: async ({ core, principal, query }) => {
    const { path, status = null, key = null, limit = DEFAULT_PAGE } = query
    const permit = await authorizePlace(core, principal, path)
    const before = parseCursor(query.cursor)
    const { links, next } = await listLinksOf(core, permit, {
      before: before === '' ? null : before,
      limit,
      createdBy: key,
      status,
    })
    return { status: 200, body: { links: links.map(viewLink), nextCursor: formatCursor(next) } }
  },
})

function authorizePlace(
  core: CoreContext,
  principal: Principal,
  path: string | undefined,
): Promise<Permit<'share'>> {
  if (path === undefined) return authorizeReach(core, principal, 'share')
  const isFolder = path.endsWith('/') || !path.includes('/')
  const place = isFolder ? parseFolderPath(path) : parseFilePath(path)
  return authorize(core, principal, 'share', place)
}
