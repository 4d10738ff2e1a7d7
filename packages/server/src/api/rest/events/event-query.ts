/** What events are asked for, the same for the list, the export and the live view. */
import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import type { EventKind } from '../../../catalog/event-steps.ts'
import type { CoreContext } from '../../../core/context.ts'
import { refusal } from '../../../core/errors.ts'
import type { EventWish } from '../../../core/events/read-events.ts'
import type { Principal } from '../../../core/identity.ts'
import { parseFilePath, parseFolderPath } from '../../../core/paths.ts'
import { authorize, authorizeReach } from '../../../core/policy/authorize.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { Id, Time } from '../schemas.ts'
import { EventKindSchema } from './event-view.ts'

export const EVENT_FILTERS = {
  link: Type.Optional(Id),
  path: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 4096,
      description: 'Only of this file, or of what is below this folder if it ends in a slash.',
    }),
  ),
  key: Type.Optional(Id),
  code: Type.Optional(
    Type.String({ pattern: '^[a-z0-9-]{1,64}$', description: 'A code of the list of errors.' }),
  ),
  kind: Type.Optional(EventKindSchema),
  since: Type.Optional(Time),
} as const satisfies Record<string, TSchema>

export interface EventFilters {
  readonly link?: string
  readonly path?: string
  readonly key?: string
  readonly code?: string
  readonly kind?: EventKind
  readonly since?: string
}

export function toEventWish({ link, key, code, kind, since }: EventFilters): EventWish {
  return {
    linkId: link ?? null,
    keyId: key ?? null,
    code: code ?? null,
    kind: kind ?? null,
    sinceMs: since === undefined ? null : Date.parse(since),
  }
}

/** Who looks at events administers the place they are of; without a path, what the key reaches. */
export function authorizeEvents(
  core: CoreContext,
  principal: Principal,
  path: string | undefined,
): Promise<Permit<'admin'>> {
  if (path === undefined) return authorizeReach(core, principal, 'admin')
  const isFolder = path.endsWith('/') || !path.includes('/')
  const place = isFolder ? parseFolderPath(path) : parseFilePath(path)
  return authorize(core, principal, 'admin', place)
}

export function formatPosition(position: number): string {
  return formatCursor(String(position)) ?? ''
}

/** `null` without a cursor; throws `field-invalid`. */
export function parsePosition(cursor: string | undefined): number | null {
  const text = parseCursor(cursor)
  if (text === '') return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const reason = 'it is not a cursor that this server gave out'
  throw refusal('field-invalid', { field: 'cursor', reason })
}
