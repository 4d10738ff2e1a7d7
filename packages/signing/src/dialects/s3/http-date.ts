/**
 * `Date` headers: `Fri, 24 May 2013 00:00:00 GMT`, or with the zone as mail writes it, which the AWS SDK for Python does.
 *
 * @module
 */

const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|[-+]0000)$/
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** The moment behind the preferred form of an HTTP date [RFC9110 5.6.7]; `null` for anything else. */
export function parseHttpDate(text: string): Date | null {
  const match = IMF_FIXDATE.exec(text)
  if (match === null) return null
  const [, day, monthName = '', year, time] = match
  const month = String(MONTHS.indexOf(monthName) / 3 + 1).padStart(2, '0')
  const date = new Date(`${year}-${month}-${day}T${time}Z`)
  // `Date` rolls 30 February over to March.
  return Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day) ? null : date
}
