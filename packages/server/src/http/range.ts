/** Reads a `Range` header [RFC9110 14.2]. */

export type RequestedRange =
  | { readonly kind: 'from'; readonly start: number; readonly end: number | null }
  | { readonly kind: 'suffix'; readonly length: number }

const ONE_RANGE = /^bytes=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i

/**
 * The one range asked for. `null` where the header must or may be ignored and the whole body is the answer: none,
 * another unit, broken syntax, `5-2`, and several ranges, which a server is free not to serve [RFC9110 14.2].
 */
export function parseRange(header: string | null): RequestedRange | null {
  if (header === null) return null
  const match = ONE_RANGE.exec(header)
  if (match === null) return null
  const [, first = '', last = ''] = match
  if (first === '') return last === '' ? null : { kind: 'suffix', length: toSafe(last) }
  const start = toSafe(first)
  if (last === '') return { kind: 'from', start, end: null }
  const end = toSafe(last)
  return end < start ? null : { kind: 'from', start, end }
}

/** Positions beyond 2^53 lie beyond any file, wherever exactly they are. */
function toSafe(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
}
