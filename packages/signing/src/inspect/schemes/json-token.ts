/**
 * The times a JSON Web Token, or a signed JSON message of Rails, says of itself. Verifies nothing.
 *
 * @module
 */
import { fromBase64Url } from '../../lib/bytes.ts'

export interface TokenTimes {
  readonly startsAt: Date | null
  readonly expiresAt: Date | null
}

const MAX_TEXT = 8192

/** The times in the token's claims; `null` if it has none that can be read. */
export function readJsonToken(token: string): TokenTimes | null {
  const segments = token.split('.')
  const payload = segments.length >= 3 ? segments[1] : segments[0]
  if (payload === undefined || payload.length > MAX_TEXT) return null
  const bytes = fromBase64Url(payload.replaceAll('+', '-').replaceAll('/', '_'))
  if (bytes === null) return null
  const json = new TextDecoder().decode(bytes)
  const start = claim(json, 'nbf') ?? claim(json, 'iat')
  return { startsAt: start, expiresAt: claim(json, 'exp') }
}

/** A claim of epoch seconds, or of a written time, wherever it stands in the document. */
function claim(json: string, name: string): Date | null {
  const match = new RegExp(
    `"${name}"\\s{0,5}:\\s{0,5}(?:(\\d{9,11})(?:\\.\\d+)?|"([^"]{10,40})")`,
  ).exec(json)
  if (match === null) return null
  const date = match[1] === undefined ? new Date(match[2] ?? '') : new Date(Number(match[1]) * 1000)
  return Number.isNaN(date.getTime()) ? null : date
}
