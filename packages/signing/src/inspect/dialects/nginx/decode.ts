/**
 * Reads what an nginx secure_link URL says of itself. The operator chooses the names of its parameters,
 * so the shape decides: an MD5 in base64url beside an end in epoch seconds. Verifies nothing.
 *
 * @module
 */
import { createDetection, parseEpochSeconds, resourceText } from '../../facts/detection.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'
import type { ObservedParameter } from '../../facts/observed-url.ts'

const HASH_NAMES: ReadonlySet<string> = new Set([
  'md5',
  'st',
  'hash',
  'sig',
  's',
  'secure',
  'key',
  'h',
])
const EXPIRES_NAMES: ReadonlySet<string> = new Set(['expires', 'expire', 'e', 'exp', 'ttl', 't'])
const MD5_BASE64URL = /^[A-Za-z0-9\-_+/]{20,24}={0,2}$/

/** How many make it at first: hex, which nginx does not take. Only beside an end is it taken for one. */
const MD5_HEX = /^[0-9a-f]{32}$/i

const HEX = /^[0-9a-f]+$/i

function isEnd({ name, value }: ObservedParameter): boolean {
  return EXPIRES_NAMES.has(name.toLowerCase()) && /^[1-9]\d{9}$/.test(value)
}

/** The two parameters of a secure link. */
export interface SecureLink {
  readonly hash: ObservedParameter
  readonly expires: ObservedParameter | null
}

/** Finds the parameters of a secure link, or `null`. */
export function findSecureLink({ url }: ObservedRequest): SecureLink | null {
  const hash = url.parameters.find(
    ({ name, value }) =>
      HASH_NAMES.has(name.toLowerCase()) && (MD5_BASE64URL.test(value) || MD5_HEX.test(value)),
  )
  if (hash === undefined) return null
  // An `s` in hex is of Imgix, also where some of its digits were lost.
  if (hash.name === 's' && HEX.test(hash.value)) return null
  if (MD5_HEX.test(hash.value) && !url.parameters.some(isEnd)) return null
  const expires = url.parameters.find(({ name }) => EXPIRES_NAMES.has(name.toLowerCase()))
  if (expires === undefined && hash.name.toLowerCase() !== 'md5') return null
  return { hash, expires: expires ?? null }
}

/** What the secure link says of itself, or `null` if the URL is none. */
export function decodeNginx(request: ObservedRequest): Detection<'nginx'> | null {
  const link = findSecureLink(request)
  if (link === null) return null
  return createDetection({
    dialect: 'nginx',
    scheme: 'secure_link',
    resource: { scope: 'object', text: resourceText(request.url) },
    expiresAt: parseEpochSeconds(link.expires?.value),
    secrets: [link.hash.rawName],
  })
}
