/**
 * Reads what a Bunny CDN token says of itself, in the query or in the path. Verifies nothing.
 *
 * @module
 */
import {
  createDetection,
  parseEpochSeconds,
  showText,
  valuesByName,
} from '../../facts/detection.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'
import { parseObservedQuery, hostHeader } from '../../facts/observed-url.ts'

const PATH_TOKEN = /^\/bcdn_token=([^/]{1,8192})(\/.*)?$/s
const CURRENT = /^HS256-(?:1-)?[A-Za-z0-9\-_]{20,}/
/** One of 4,096 unbound tokens begins like a bound one, with `1-` as its first digits; a bound one is two longer. */
const BOUND = /^HS256-1-[A-Za-z0-9\-_]{43}$/
/** SHA-256 in base64url without padding, or the oldest form, MD5. */
const LEGACY = /^[A-Za-z0-9\-_]{43}=?$|^[A-Za-z0-9\-_]{22}$/
/** The right bytes in an alphabet Bunny does not take: hex, or standard base64. */
const MISWRITTEN = /^[0-9a-f]{64}$|^[A-Za-z0-9+/ ]{43}=$/i

/** The token, its parameters and the path it was made for. */
export interface BunnyToken {
  readonly token: string
  readonly form: 'query' | 'path'
  readonly values: ReadonlyMap<string, string>
  readonly path: string
}

/** Finds the token of a request, or `null`. */
export function findBunnyToken({ url }: ObservedRequest): BunnyToken | null {
  const inPath = PATH_TOKEN.exec(url.path)
  if (inPath !== null) {
    const values = valuesByName(parseObservedQuery(`bcdn_token=${inPath[1] ?? ''}`))
    return { token: values.get('bcdn_token') ?? '', form: 'path', values, path: inPath[2] ?? '/' }
  }
  const values = valuesByName(url.parameters)
  const token = values.get('token')
  if (token === undefined) return null
  const hasEnd = /^[1-9]\d{9}$/.test(values.get('expires') ?? '')
  const isOurs =
    CURRENT.test(token) ||
    (LEGACY.test(token) && values.has('expires')) ||
    (MISWRITTEN.test(token) && hasEnd)
  return isOurs ? { token, form: 'query', values, path: url.path } : null
}

/** Was a token made for one client address? */
export function isBoundToken(token: string): boolean {
  return BOUND.test(token)
}

/** What the token of this request says of itself, or `null` if it has none. */
export function decodeBunny(request: ObservedRequest): Detection<'bunny'> | null {
  const found = findBunnyToken(request)
  if (found === null) return null
  const { token, values } = found
  const isCurrent = CURRENT.test(token)
  const tokenPath = values.get('token_path')
  return createDetection({
    dialect: 'bunny',
    scheme: isCurrent ? 'HMAC-SHA256 token' : 'legacy token',
    resource: {
      scope: tokenPath === undefined ? 'object' : 'prefix',
      text: showText(hostHeader(request.url) + (tokenPath ?? found.path)),
    },
    audience: {
      ip: isBoundToken(token) ? 'bound to one address' : null,
      protocol: null,
      principal: values.get('token_countries') ?? null,
    },
    expiresAt: parseEpochSeconds(values.get('expires')),
    secrets: [found.form === 'path' ? 'bcdn_token' : 'token'],
    issues: isCurrent
      ? []
      : [{ code: 'token-legacy', what: 'Tokens of this form are plain hashes, not HMACs.' }],
  })
}
