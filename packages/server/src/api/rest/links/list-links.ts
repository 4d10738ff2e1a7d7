/** `GET /v1/links`: what was issued, newest first. */
import { Type } from 'typebox'
import { listLinks as listLinksOf } from '../../../core/links/links.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, LinkSchema, pageOf, strictObject } from '../schemas.ts'
import { viewLink } from '../views.ts'

export const listLinks: Operation = defineOperation({
  id: 'listLinks',
  method: 'GET',
  path: '/v1/links',
  tag: 'Links',
  summary: 'List the links issued, newest first',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({ limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }),
  answers: { 200: pageOf('links', LinkSchema) },
  handle: async ({ core, principal, query }) => {
    const limit = query.limit ?? DEFAULT_PAGE
    const before = parseCursor(query.cursor)
    const links = await listLinksOf(core, principal, {
      before: before === '' ? null : before,
      limit,
    })
    const last = links.length < limit ? null : (links.at(-1)?.id ?? null)
    return { status: 200, body: { links: links.map(viewLink), nextCursor: formatCursor(last) } }
  },
})
