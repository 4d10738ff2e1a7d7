/** `GET /v1/links`: what was issued, newest first. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import type { Principal } from '../../../core/identity.ts'
import { listLinks as listLinksOf } from '../../../core/links/links.ts'
import type { LinkPage } from '../../../core/links/links.ts'
import { parseFilePath, parseFolderPath } from '../../../core/paths.ts'
import { authorize, authorizeReach } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Id, Limit, pageOf, strictObject } from '../schemas.ts'
import { LinkSchema, StatusSchema, viewLink } from './link-view.ts'

export const ListQuery = strictObject({
  path: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description: 'Only those of this file, or below this folder if it ends in a slash.',
    }),
  ),
  status: Type.Optional(StatusSchema),
  key: Type.Optional(Id),
  limit: Type.Optional(Limit),
  cursor: Type.Optional(Cursor),
})

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
  query: ListQuery,
  answers: { 200: pageOf('links', LinkSchema) },
  handle: async ({ core, principal, query }) => {
    const { links, nextCursor } = await listGrants(core, principal, { ...query, isShare: false })
    return { status: 200, body: { links: links.map(viewLink), nextCursor } }
  },
})

/** One page of links, or of shares alone. */
export async function listGrants(
  core: CoreContext,
  principal: Principal,
  query: Static<typeof ListQuery> & { readonly isShare: boolean },
): Promise<{ readonly links: LinkPage['links']; readonly nextCursor: string | null }> {
  const { path, status = null, key = null, limit = DEFAULT_PAGE, isShare } = query
  const permit = await authorizePlace(core, principal, path)
  const before = parseCursor(query.cursor)
  const { links, next } = await listLinksOf(core, permit, {
    before: before === '' ? null : before,
    limit,
    createdBy: key,
    status,
    isShare,
  })
  return { links, nextCursor: formatCursor(next) }
}

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
