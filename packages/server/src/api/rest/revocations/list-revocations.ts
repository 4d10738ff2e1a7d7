/** `GET /v1/revocations`: the rules that hold. */
import { Type } from 'typebox'
import { listRevocations as listRevocationsOf } from '../../../core/links/revocations.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, pageOf, strictObject } from '../schemas.ts'
import { ALL, RevocationSchema, viewRevocation } from './revocation-view.ts'

export const listRevocations = defineOperation({
  id: 'listRevocations',
  method: 'GET',
  path: '/v1/revocations',
  tag: 'Revocations',
  summary: 'List the revocations that hold',
  description:
    'One each for files, folders, keys and all; a later one moves it on. Links that were revoked one by one are not here, but in `GET /v1/links`.',
  access: 'admin',
  bodyKind: 'none',
  query: strictObject({ limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }),
  answers: { 200: pageOf('revocations', RevocationSchema) },
  handle: async ({ core, permit, query }) => {
    const { limit = DEFAULT_PAGE } = query
    const after = query.cursor === undefined ? null : scopeAfter(parseCursor(query.cursor))
    const rules = await listRevocationsOf(core, permit, { after, limit })
    const last = rules.length < limit ? null : (rules.at(-1) ?? null)
    return {
      status: 200,
      body: {
        revocations: rules.map(viewRevocation),
        nextCursor: last === null ? null : formatCursor(last.scope || ALL),
      },
    }
  },
})

/** The rule for all has an empty scope, and a cursor has to say something. */
function scopeAfter(place: string): string {
  return place === ALL ? '' : place
}
