/**
 * The two spellings of an ECDSA P-256 signature. On the wire it is DER, two integers of varying length
 * [RFC3279 2.2.3]; WebCrypto gives and takes the two numbers side by side, 64 bytes.
 *
 * @module
 */

const HALF = 32
const INTEGER = 0x02
const SEQUENCE = 0x30

/** DER of the 64 bytes of r and s. */
export function ecdsaToDer(raw: Uint8Array): Uint8Array {
  const r = encodeInteger(raw.subarray(0, HALF))
  const s = encodeInteger(raw.subarray(HALF))
  return Uint8Array.of(SEQUENCE, r.length + s.length, ...r, ...s)
}

/** The 64 bytes of r and s, or `null` if the DER is not the one encoding of two positive numbers of that size. */
export function ecdsaFromDer(der: Uint8Array): Uint8Array | null {
  if (der.length < 8 || der[0] !== SEQUENCE || der[1] !== der.length - 2) return null
  const raw = new Uint8Array(2 * HALF)
  const middle = decodeInteger(der, 2, raw.subarray(0, HALF))
  if (middle === null) return null
  const end = decodeInteger(der, middle, raw.subarray(HALF))
  return end === der.length ? raw : null
}

function encodeInteger(number: Uint8Array): number[] {
  let start = 0
  while (start < number.length - 1 && number[start] === 0) start += 1
  const bytes = [...number.subarray(start)]
  // A set top bit would read as negative.
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0)
  return [INTEGER, bytes.length, ...bytes]
}

function decodeInteger(der: Uint8Array, offset: number, into: Uint8Array): number | null {
  const length = der[offset + 1] ?? 0
  const start = offset + 2
  const end = start + length
  if (der[offset] !== INTEGER || length === 0 || end > der.length) return null
  const first = der[start] ?? 0
  const second = der[start + 1] ?? 0
  if (first >= 0x80 || (first === 0 && length > 1 && second < 0x80)) return null
  const digits = der.subarray(first === 0 ? start + 1 : start, end)
  if (digits.length > HALF) return null
  into.set(digits, HALF - digits.length)
  return end
}
