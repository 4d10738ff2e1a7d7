/**
 * Times as the dialects write them. This is the only file that reads the clock.
 *
 * @module
 */
import type { Clock, ClockOptions } from '../types.ts'
import { outOfRange, wrongOption } from './wrong-option.ts'

/** The time of the caller's clock, or of the system's. @throws {TypeError | RangeError} for what is no time */
export function resolveNow(now: Clock | undefined): Date {
  const resolved = typeof now === 'function' ? now() : (now ?? new Date())
  if (!isDate(resolved)) throw wrongOption('now must be a Date, or a function that returns one')
  if (Number.isNaN(resolved.getTime())) throw outOfRange('now must be a valid Date')
  return resolved
}

/** The time of one call to a verifier: by the clock of the call, or else by the verifier's own. */
export function resolveCallTime(facts: ClockOptions | undefined, clock: Clock | undefined): Date {
  if (facts instanceof Date) throw wrongOption('now must be given by its name: { now }')
  return resolveNow(facts?.now ?? clock)
}

/** True for dates, also those of another realm. */
export function isDate(value: unknown): value is Date {
  return {}.toString.call(value) === '[object Date]'
}

/** The same in milliseconds, where no date is needed. */
export function resolveNowMs(now: Clock | undefined): number {
  return now === undefined ? Date.now() : resolveNow(now).getTime()
}

/** `yyyyMMdd'T'HHmmss'Z'` in UTC, milliseconds cut: `20260314T092653Z`. */
export function formatBasicTimestamp(date: Date): string {
  const iso = date.toISOString()
  if (iso.length !== 24) throw outOfRange('the year must have four digits')
  return iso.replace(/[-:]|\.\d+/g, '')
}

/** The moment behind `yyyyMMdd'T'HHmmss'Z'`; `null` for any other form and for days that do not exist. */
export function parseBasicTimestamp(text: string): Date | null {
  if (text.length !== 16 || text.charCodeAt(8) !== T || text.charCodeAt(15) !== Z) return null
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 4)
  const day = twoDigits(text, 6)
  const hour = twoDigits(text, 9)
  const minute = twoDigits(text, 11)
  const second = twoDigits(text, 13)
  // `Date` rolls 30 February over to March and takes years below 100 for 19xx, so both are looked at first.
  if (!(year >= 100 && month >= 1 && month <= 12)) return null
  if (!(day >= 1 && day <= daysIn(year, month))) return null
  if (!(hour < 24 && minute < 60 && second < 60)) return null
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

const T = 0x54
const Z = 0x5a

/** The number of two decimal digits; `NaN` if there is anything else, which fails every comparison. */
function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 0x30
  const ones = text.charCodeAt(index + 1) - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
