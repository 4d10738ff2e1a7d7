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

// The last second formatted: requests come many a second.
let lastSecond = Number.NaN
let lastText = ''

/** `yyyyMMdd'T'HHmmss'Z'` in UTC, milliseconds cut: `20260314T092653Z`. */
export function formatBasicTimestamp(date: Date): string {
  const second = Math.floor(date.getTime() / 1000)
  if (second === lastSecond) return lastText
  const iso = date.toISOString()
  if (iso.length !== 24) throw new RangeError('the year must have four digits')
  const text =
    iso.slice(0, 4) +
    iso.slice(5, 7) +
    iso.slice(8, 13) +
    iso.slice(14, 16) +
    iso.slice(17, 19) +
    'Z'
  lastSecond = second
  lastText = text
  return text
}

/** The moment behind `yyyyMMdd'T'HHmmss'Z'`; `null` for any other form and for days that do not exist. */
export function parseBasicTimestamp(text: string): Date | null {
  if (text.length !== 16 || text[8] !== 'T' || text[15] !== 'Z') return null
  const year = readDigits(text, 0, 4)
  const month = readDigits(text, 4, 6)
  const day = readDigits(text, 6, 8)
  const hour = readDigits(text, 9, 11)
  const minute = readDigits(text, 11, 13)
  const second = readDigits(text, 13, 15)
  // `Date` rolls 30 February over to March and takes years below 100 for 19xx, so both are looked at first.
  if (!(year >= 100 && month >= 1 && month <= 12)) return null
  if (!(day >= 1 && day <= daysIn(year, month))) return null
  if (!(hour < 24 && minute < 60 && second < 60)) return null
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

/** The decimal digits from `start` to `end`; `NaN` if there is anything else, which fails every comparison. */
function readDigits(text: string, start: number, end: number): number {
  let number = 0
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
