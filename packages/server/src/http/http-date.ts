/** HTTP dates in all three forms a recipient must take [RFC9110 5.6.7], and the one a sender may make. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const IMF_FIXDATE =
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/
const RFC850 =
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/
const ASCTIME =
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/

/** `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function formatHttpDate(ms: number): string {
  return new Date(ms).toUTCString()
}

/** Milliseconds since the epoch, or `null` for anything that is no HTTP date. */
export function parseHttpDate(text: string): number | null {
  const groups = (IMF_FIXDATE.exec(text) ?? RFC850.exec(text) ?? ASCTIME.exec(text))?.groups
  if (groups === undefined) return null
  const month = MONTHS.indexOf(groups['month'] ?? '') + 1
  if (month === 0) return null
  const year = fullYear(groups['year'] ?? '')
  const day = (groups['day'] ?? '').trim().padStart(2, '0')
  const date = new Date(`${year}-${String(month).padStart(2, '0')}-${day}T${groups['time']}Z`)
  // `Date` may roll 31 June over into July: the day tells.
  const isReal = !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
  return isReal ? date.getTime() : null
}

/** Two-digit years are read as the nearest past or coming fifty years of the era the format was used in. */
function fullYear(year: string): string {
  if (year.length === 4) return year
  return Number(year) < 70 ? `20${year}` : `19${year}`
}
