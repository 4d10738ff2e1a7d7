/** Moments as vectors write them. */
import assert from 'node:assert/strict'

/** `20260314T092653Z` as a moment. */
export function parseBasicDate(text: string): Date {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  assert.ok(match, `${text} is not a date`)
  const [, year, month, day, hour, minute, second] = match
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** A moment from epoch seconds. */
export function atSeconds(seconds: number): Date {
  return new Date(seconds * 1000)
}
