/** Reads a `Range` header [RFC9110 14.2]. */

export type RequestedRange =
  | { readonly kind: 'from'; readonly start: number; readonly end: number | null }
  | { readonly kind: 'suffix'; readonly length: number }

/** Room for positions far beyond any file; a longer header is ignored. */
const MAX_LENGTH = 4096
const UNIT = 'bytes='
const DIGITS = /^\d*$/

/**
 * The one range asked for. `null` where the header must or may be ignored and the whole body is the answer: none,
 * another unit, broken syntax, `5-2`, and several ranges, which a server is free not to serve [RFC9110 14.2].
 */
export function parseRange(header: string | null): RequestedRange | null {
  if (header === null || header.length > MAX_LENGTH) return null
  const dash = header.indexOf('-')
  if (dash === -1 || header.slice(0, UNIT.length).toLowerCase() !== UNIT) return null
  const first = trimBlanks(header.slice(UNIT.length, dash))
  const last = trimBlanks(header.slice(dash + 1))
  if (!DIGITS.test(first) || !DIGITS.test(last)) return null
  if (first === '') return last === '' ? null : { kind: 'suffix', length: toSafe(last) }
  const start = toSafe(first)
  if (last === '') return { kind: 'from', start, end: null }
  const end = toSafe(last)
  return end < start ? null : { kind: 'from', start, end }
}

/** Optional whitespace is blanks and tabs, and nothing else that a script would trim [RFC9110 5.6.3]. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** Positions beyond 2^53 lie beyond any file, wherever exactly they are. */
function toSafe(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
}
