/**
 * Times as a SAS writes them. The text is what is signed, so a verifier reads it and never writes it anew.
 *
 * @module
 */

import { malformed } from './params.ts'

/** `YYYY-MM-DDThh:mm:ssZ` of epoch seconds. */
export function formatAzureTime(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString()
  if (iso.length !== 24) throw new RangeError('the year must have four digits')
  return `${iso.slice(0, 19)}Z`
}

/** Epoch seconds of one of the three forms: a day, a day with hours and minutes, and with seconds. */
export function parseAzureTime(text: string, parameter: string): number {
  const seconds = secondsOf(text)
  if (Number.isNaN(seconds)) {
    throw malformed(parameter, 'expected YYYY-MM-DD, YYYY-MM-DDThh:mmZ or YYYY-MM-DDThh:mm:ssZ')
  }
  return seconds
}

const FORM = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?Z)?$/

function secondsOf(text: string): number {
  if (!FORM.test(text)) return Number.NaN
  const hour = text.length > 10 ? numberAt(text, 11) : 0
  const minute = text.length > 10 ? numberAt(text, 14) : 0
  const second = text.length > 17 ? numberAt(text, 17) : 0
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN
  return midnightOf(text) + hour * 3600 + minute * 60 + second
}

function midnightOf(text: string): number {
  const year = numberAt(text, 0) * 100 + numberAt(text, 2)
  const month = numberAt(text, 5)
  const day = numberAt(text, 8)
  if (year < 100 || month < 1 || month > 12 || day < 1) return Number.NaN
  const midnight = Date.UTC(year, month - 1, day)
  // `Date` rolls 30 February over to March: a day that exists comes out as it went in.
  if (day > 28 && new Date(midnight).getUTCDate() !== day) return Number.NaN
  return midnight / 1000
}

function numberAt(text: string, index: number): number {
  return (text.charCodeAt(index) - 0x30) * 10 + text.charCodeAt(index + 1) - 0x30
}
