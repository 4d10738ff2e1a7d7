/** Cursors: what the catalog continues after, as opaque text. */
import { refusal } from '../../core/errors.ts'

export function formatCursor(after: string | null): string | null {
  return after === null ? null : Buffer.from(after).toString('base64url')
}

/** `''` for the first page; throws `field-invalid`. */
export function parseCursor(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const after = Buffer.from(cursor, 'base64url').toString('utf8')
  if (formatCursor(after) === cursor && after !== '') return after
  const reason = 'it is not a cursor that this server gave out'
  throw refusal('field-invalid', { field: 'cursor', reason })
}
