/**
 * Times as the dialects write them. This is the only file that reads the clock.
 *
 * @module
 */

/** The caller's time, or the clock's; an invalid date is a `RangeError`. */
export function resolveNow(now: Date | undefined): Date {
  const resolved = now ?? new Date()
  if (Number.isNaN(resolved.getTime())) throw new RangeError('now must be a valid Date')
  return resolved
}

/** `yyyyMMdd'T'HHmmss'Z'` in UTC, milliseconds cut: `20260314T092653Z`. */
export function formatBasicTimestamp(date: Date): string {
  const iso = date.toISOString()
  if (iso.length !== 24) throw new RangeError('the year must have four digits')
  return (
    iso.slice(0, 4) +
    iso.slice(5, 7) +
    iso.slice(8, 13) +
    iso.slice(14, 16) +
    iso.slice(17, 19) +
    'Z'
  )
}

const BASIC_TIMESTAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** The moment behind `yyyyMMdd'T'HHmmss'Z'`; `null` for any other form and for days that do not exist. */
export function parseBasicTimestamp(text: string): Date | null {
  const match = BASIC_TIMESTAMP.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second] = match
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  // `Date` rolls 30 February over to March; the round trip tells.
  if (Number.isNaN(date.getTime()) || formatBasicTimestamp(date) !== text) return null
  return date
}
