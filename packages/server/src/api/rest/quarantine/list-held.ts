/** `GET /v1/quarantine`: files that wait, and those that were refused, newest first. */
import { Type } from 'typebox'
import { parseFolderPath } from '../../../core/paths.ts'
import { authorizeHeldList, listHeld as listHeldOf } from '../../../core/quarantine/held-files.ts'
import { formatPosition, parsePosition } from '../events/event-query.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, pageOf, strictObject } from '../schemas.ts'
import { HeldSchema, HeldStateSchema, viewHeld } from './held-view.ts'

export const listHeld = defineOperation({
  id: 'listHeld',
  method: 'GET',
  path: '/v1/quarantine',
  tag: 'Quarantine',
  summary: 'List files that wait, and those that were refused, newest first',
  description:
    'An administrator sees all of them, every other key what it sent itself. What was admitted is a file and listed no more; what was refused is listed for 7 days.',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    folder: Type.Optional(
      Type.String({ minLength: 1, maxLength: 4096, description: 'Only what lies below it.' }),
    ),
    state: Type.Optional(HeldStateSchema),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: { 200: pageOf('files', HeldSchema) },
  handle: async ({ core, principal, query }) => {
    const { folder, state = null, limit = DEFAULT_PAGE } = query
    const place = folder === undefined ? null : parseFolderPath(folder)
    const permit = await authorizeHeldList(core, principal, place)
    const before = parsePosition(query.cursor)
    const found = await listHeldOf(core, permit, { state, before, limit })
    const last = found.length < limit ? undefined : found.at(-1)
    return {
      status: 200,
      body: {
        files: found.map(({ held }) => viewHeld(held)),
        nextCursor: last === undefined ? null : formatPosition(last.position),
      },
    }
  },
})
