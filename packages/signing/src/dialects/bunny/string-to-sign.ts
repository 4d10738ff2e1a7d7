/**
 * What Bunny CDN hashes [BUNNY-TOKEN].
 *
 * ```text
 * HS256-…    HMAC-SHA256(key, path + expires + address bytes + parameters)   HS256-1-… with an address
 * 43 digits  SHA-256(key + path + expires + address text + parameters)       legacy
 * 22 digits  MD5(key + path + expires + address text)                        legacy
 * ```
 *
 * `path` is decoded, or `token_path`; `parameters` are `name=value`, decoded, sorted by name, joined with `&`. The parts
 * run into each other without a mark between them. So times must have ten digits: `/file5` until `1773484013` would
 * otherwise also be `/file` until `51773484013`, which is the year 3610.
 *
 * @module
 */
import { toUnpaddedBase64Url } from '../../lib/base64-url.ts'
import { utf8 } from '../../lib/bytes.ts'
import { equalText } from '../../lib/constant-time.ts'
import { hashBase64 } from '../../lib/hash.ts'
import { hmacBase64Url } from '../../lib/hmac.ts'
import { parseIpAddress } from '../../lib/ip-address.ts'
import type { BunnyFormat, BunnyKey } from './params.ts'
import { md5 } from '../../lib/md5.ts'
import { sha256 } from '../../lib/sha256.ts'

/** What goes into a token. */
export interface BunnyMessage {
  /** Decoded; `token_path` where there is one. */
  readonly path: string
  /** Ten digits. */
  readonly expires: string
  readonly clientIp: string | null
  /** Sorted and joined, see {@link formatParameters}. */
  readonly parameters: string
}

const TEN_DIGITS = /^[1-9]\d{9}$/

/** True for times that cannot run into the path before them. */
export function isBunnyTime(expires: string): boolean {
  return expires.length === 10 && TEN_DIGITS.test(expires)
}

/**
 * The parameters as they are hashed, or `null` if they could also be read as others: a value with `&`, a name with `&`
 * or `=`.
 */
export function formatParameters(
  parameters: readonly (readonly [name: string, value: string])[],
): string | null {
  if (parameters.length === 0) return ''
  if (parameters.some(([name, value]) => /[&=]/.test(name) || value.includes('&'))) return null
  return parameters
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** The token over a message. */
export function signBunnyMessage(
  format: BunnyFormat,
  key: BunnyKey,
  message: BunnyMessage,
): string {
  return tokenMark(format, message.clientIp) + digestMessage(format, key, message)
}

/** True if `token` is the one over the message. */
export function isBunnyToken(
  format: BunnyFormat,
  key: BunnyKey,
  message: BunnyMessage,
  token: string,
): boolean {
  const mark = tokenMark(format, message.clientIp)
  if (!token.startsWith(mark)) return false
  return equalText(digestMessage(format, key, message), token.slice(mark.length))
}

function tokenMark(format: BunnyFormat, clientIp: string | null): string {
  if (format !== 'hs256') return ''
  return clientIp === null ? 'HS256-' : 'HS256-1-'
}

/** The digest in base64url without padding. */
function digestMessage(format: BunnyFormat, key: BunnyKey, message: BunnyMessage): string {
  const { path, expires, clientIp, parameters } = message
  if (format === 'hs256') {
    const prepared = key.hmac()
    if (clientIp === null) return hmacBase64Url(prepared, path + expires + parameters)
    const address = toAddressBytes(clientIp)
    return hmacBase64Url(prepared, joinBytes(utf8(path + expires), address, utf8(parameters)))
  }
  const text = key.text + path + expires + (clientIp ?? '') + (format === 'md5' ? '' : parameters)
  return toUnpaddedBase64Url(hashBase64(format === 'md5' ? md5 : sha256, text))
}

/** 4 bytes of IPv4; 16 of IPv6, of which the last 8 are cleared so that the whole /64 fits. */
function toAddressBytes(clientIp: string): Uint8Array {
  const bytes = parseIpAddress(clientIp)
  if (bytes === null) throw new TypeError('clientIp must be an IPv4 or IPv6 address')
  return bytes.length === 4 ? bytes : bytes.fill(0, 8)
}

function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
