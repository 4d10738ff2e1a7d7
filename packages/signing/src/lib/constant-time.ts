/**
 * Comparison whose time depends on the lengths alone.
 *
 * @module
 */

/** True if the two byte strings are equal. Length is not a secret: unequal lengths answer at once. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index += 1) difference |= (a[index] ?? 0) ^ (b[index] ?? 0)
  return difference === 0
}

/** The same over the UTF-16 units of two strings: for hex and base64 signatures. */
export function equalText(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index += 1) {
    difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  }
  return difference === 0
}

// By table and not by condition, so that what the expected text is made of takes no time to tell.
const URL_SAFE_CODES: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  code === 43 ? 45 : code === 47 ? 95 : code,
)

/**
 * True if `urlSafe` is `standard` in the alphabet of base64url, with its padding or without as `standard` has it: for
 * comparing a computed base64 with a received base64url without writing it anew.
 */
export function equalBase64Url(standard: string, urlSafe: string): boolean {
  if (standard.length !== urlSafe.length) return false
  let difference = 0
  for (let index = 0; index < standard.length; index += 1) {
    const code = URL_SAFE_CODES[standard.charCodeAt(index) & 127] ?? 0
    difference |= code ^ urlSafe.charCodeAt(index)
  }
  return difference === 0
}

const PERCENT = 0x25
const PLUS = 0x2b
const SLASH = 0x2f
const EQUALS = 0x3d

/**
 * True if `raw` ends, from `start` on, in `base64` with `%2B`, `%2F` and `%3D` in it, as percent-encoding writes it: for
 * comparing with a request without decoding it.
 */
export function equalEscapedBase64(base64: string, raw: string, start: number): boolean {
  let difference = 0
  let at = start
  for (let index = 0; index < base64.length; index += 1) {
    const unit = base64.charCodeAt(index)
    if (unit !== PLUS && unit !== SLASH && unit !== EQUALS) {
      difference |= unit ^ raw.charCodeAt(at)
      at += 1
      continue
    }
    const first = unit === EQUALS ? 0x33 : 0x32
    const second = unit === EQUALS ? 0x44 : unit === PLUS ? 0x42 : 0x46
    difference |= raw.charCodeAt(at) ^ PERCENT
    difference |= (raw.charCodeAt(at + 1) ^ first) | (raw.charCodeAt(at + 2) ^ second)
    at += 3
  }
  return difference === 0 && at === raw.length
}
