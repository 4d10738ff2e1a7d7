/**
 * Times as a SAS writes them. The text is what is signed, so a verifier reads it and never writes it anew.
 *
 * @module
 */

import { malformed } from './params.ts'

let lastSeconds = -1
let lastText = ''

/** `YYYY-MM-DDThh:mm:ssZ` of epoch seconds. The last one is remembered: a listing asks for it a thousand times. */
export function formatAzureTime(seconds: number): string {
  if (seconds !== lastSeconds) {
    const iso = new Date(seconds * 1000).toISOString()
    if (iso.length !== 24) throw new RangeError('the year must have four digits')
    lastText = `${iso.slice(0, 19)}Z`
    lastSeconds = seconds
  }
  return lastText
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?Z)?$/

/** Epoch seconds of one of the three forms: a day, a day with hours and minutes, and with seconds. */
export function parseAzureTime(text: string, parameter: string): number {
  const match = TIME.exec(text)
  const [, day = '', minutes = '00:00', seconds = ':00'] = match ?? []
  const moment = match === null ? Number.NaN : Date.parse(`${day}T${minutes}${seconds}Z`)
  // 30 February rolls over to March in some parsers: the day must come out as it went in.
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== day) {
    throw malformed(parameter, 'expected YYYY-MM-DD, YYYY-MM-DDThh:mmZ or YYYY-MM-DDThh:mm:ssZ')
  }
  return moment / 1000
}
