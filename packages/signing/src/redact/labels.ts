/**
 * The labels that stand within a signature's value: `sha256=…`, `v0=…`, `t=…,v1=…`, `sig1=:…:`.
 *
 * @module
 */

/** Where the secret part of a value begins, and whether more parts with labels of their own follow it. */
export interface Labelled {
  readonly start: number
  readonly hasParts: boolean
}

const EQUALS = '(?:=|%(?:25){0,3}3[Dd]|\\\\+u003[Dd])'
const COMMA = '(?:[,;]|%(?:25){0,3}(?:2[Cc]|3[Bb]))'
const COLON = '(?::|%(?:25){0,3}3[Aa])'

/** Swift's and GitHub's digest names, and the prefix of Laravel's keys. */
const DIGEST_NAME = new RegExp(
  `(?:sha\\d{1,3}|hmac-sha\\d{1,3}|base64)(?:${EQUALS}|${COLON})`,
  'iy',
)
/** Slack's and Zoom's `v0=`, the `v1,` of Standard Webhooks. */
const VERSION = new RegExp(`v\\d(?:a)?(?:${EQUALS}|,)`, 'y')
/** Stripe's and Paddle's time before the signatures. */
const TIMED = new RegExp(`ts?${EQUALS}\\d{8,13}${COMMA} ?[a-z]\\d${EQUALS}`, 'y')
/** The byte sequence of an HTTP message signature [RFC9421 4.2]. */
const BYTE_SEQUENCE = new RegExp(`[a-z*][a-z0-9_.*-]{0,40}${EQUALS}${COLON}`, 'y')

/** By the first letter. */
const PATTERNS: ReadonlyMap<number, RegExp> = new Map(
  Object.entries({ s: DIGEST_NAME, h: DIGEST_NAME, b: DIGEST_NAME, t: TIMED, v: VERSION }).map(
    ([letter, pattern]) => [letter.charCodeAt(0), pattern],
  ),
)

/** How far a label can reach: a text that ends earlier may end within one. */
export const MAX_LABEL = 64

/** Behind the labels that begin at `at`. A parameter of a query has no byte sequences. */
export function skipLabels(text: string, at: number, isParameter: boolean): Labelled {
  const pattern = PATTERNS.get(text.charCodeAt(at) | 32)
  if (pattern !== undefined) {
    pattern.lastIndex = at
    if (pattern.test(text)) return { start: pattern.lastIndex, hasParts: pattern !== DIGEST_NAME }
  }
  BYTE_SEQUENCE.lastIndex = at
  const isSequence = !isParameter && BYTE_SEQUENCE.test(text)
  return { start: isSequence ? BYTE_SEQUENCE.lastIndex : at, hasParts: false }
}
