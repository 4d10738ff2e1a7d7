/** Times, sizes and numbers as the reader's language writes them. */
import { showDirectionMarks } from '../../core/content-disposition.ts'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `1.5 MB`: decimal units, as systems show files by now. */
export function formatSize(language: string, bytes: number): string {
  let value = bytes
  let step = 0
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const unit = UNITS[step] ?? 'byte'
  const maximumFractionDigits = value < 10 && step > 0 ? 1 : 0
  const unitDisplay = step === 0 ? 'long' : 'short'
  const options = { style: 'unit', unit, unitDisplay, maximumFractionDigits } as const
  return new Intl.NumberFormat(language, options).format(value)
}

export function formatCount(language: string, count: number): string {
  return new Intl.NumberFormat(language).format(count)
}

/** To the minute, in UTC, which it says. */
export function formatMoment(language: string, ms: number): string {
  const options = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat(language, options).format(ms)} UTC`
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNSHOWN = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g

/** A name that somebody chose, on one line and in the direction in which it is stored. */
export function showName(name: string): string {
  return showDirectionMarks(name.toWellFormed().replaceAll(UNSHOWN, '\uFFFD'))
}
