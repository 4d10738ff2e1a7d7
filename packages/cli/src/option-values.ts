/**
 * Reads the values of options. What cannot be used is an error that says what was expected.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** `300`, `300s`, `5m`, `1h`, `7d`: seconds. */
export function parseSeconds(text: string): number {
  const match = /^(\d{1,9})([smhdw]?)$/.exec(text)
  const seconds = Number(match?.[1]) * (UNITS[match?.[2] === '' ? 's' : (match?.[2] ?? '')] ?? NaN)
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new InvalidArgumentError('Expected a time such as 300, 5m, 1h or 7d.')
  }
  return seconds
}

/** `2026-03-14T09:26:53Z`: a moment. */
export function parseMoment(text: string): Date {
  const isIso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/.test(
    text,
  )
  const moment = new Date(isIso ? text : NaN)
  if (Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('Expected an ISO time such as 2026-03-14T09:26:53Z.')
  }
  return moment
}

/** `5m`, or the moment itself: seconds from now, or a date. */
export function parseEnd(text: string): number | Date {
  return /^\d{4}-/.test(text) ? parseMoment(text) : parseSeconds(text)
}

export function parseAddressing(text: string): 'path' | 'virtual' {
  if (text === 'path' || text === 'virtual') return text
  throw new InvalidArgumentError('Expected path or virtual.')
}

export function parseCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return count
}

export type NamedValue = readonly [name: string, value: string]

/** `Name: value`, given as often as there are headers. */
export function collectHeader(text: string, before: readonly NamedValue[] = []): NamedValue[] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}):[ \t]*([^\r\n]*)$/.exec(text)
  if (match === null)
    throw new InvalidArgumentError("Expected a header such as 'Content-Type: image/png'.")
  return [...before, [match[1] ?? '', (match[2] ?? '').trimEnd()]]
}

/** `name=value`, given as often as there are parameters. */
export function collectParameter(text: string, before: readonly NamedValue[] = []): NamedValue[] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('Expected a parameter such as versionId=abc.')
  return [...before, [text.slice(0, equals), text.slice(equals + 1)]]
}

/** `get`, `GET`: an HTTP method. */
export function parseMethod(text: string): string {
  if (!/^[A-Za-z]{1,20}$/.test(text))
    throw new InvalidArgumentError('Expected a method such as GET or PUT.')
  return text.toUpperCase()
}

/** `read,list`: words with commas between. */
export function parseWords(text: string): string[] {
  return text.split(',').map((word) => word.trim())
}

/** `1` to what fits. */
export function parsePositive(text: string): number {
  const count = parseCount(text)
  if (count === 0) throw new InvalidArgumentError('Expected a whole number above zero.')
  return count
}

/** An option that may be given more than once. */
export function collectText(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

/** The id of a record of a server. */
export function parseId(text: string): string {
  if (/^(?!\.+$)[A-Za-z0-9._-]{1,128}$/.test(text)) return text
  throw new InvalidArgumentError('Expected an id: letters, digits, dots, dashes and underscores.')
}

/** What a profile is kept as. */
export function parseProfileName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text
  throw new InvalidArgumentError('Expected a name of letters, digits, dots, dashes, underscores.')
}

/** `1h`, so long ago, or the moment itself. */
export function parseSince(text: string): number | Date {
  return parseEnd(text.replace(/ ago$/, ''))
}
