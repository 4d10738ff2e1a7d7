/**
 * From standard base64, which hashes come in, to base64url.
 *
 * @module
 */

/** The text in the alphabet of base64url, without padding [RFC4648 5]. */
export function toUnpaddedBase64Url(base64: string): string {
  return stripPadding(base64).replaceAll('+', '-').replaceAll('/', '_')
}

/** The text without its padding. */
function stripPadding(base64: string): string {
  if (base64.endsWith('==')) return base64.slice(0, -2)
  return base64.endsWith('=') ? base64.slice(0, -1) : base64
}
