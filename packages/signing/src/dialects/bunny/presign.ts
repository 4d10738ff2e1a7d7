/**
 * Bunny CDN token-authenticated URLs for one file.
 *
 * @module
 */
import { TEXT } from '../../lib/known-options.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { AbsoluteUrl } from '../../lib/absolute-url.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { parseIpAddress } from '../../lib/ip-address.ts'
import { percentDecode, percentEncode } from '../../lib/percent-encode.ts'
import { parseRawQuery } from '../../lib/raw-target.ts'
import { isTextList, requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { Clock, PresignedRequest, Signer } from '../../types.ts'
import type { BunnyFormat, BunnyGrantOptions, BunnyKey, BunnySignerOptions } from './params.ts'
import { CONTROL_NAMES, createBunnyKey, GRANT_OPTIONS, SIGNER_OPTIONS } from './params.ts'
import { formatParameters, isBunnyTime, signBunnyMessage } from './string-to-sign.ts'

/** What to sign, for whom, and until when. */
export type BunnyRequest = BunnyGrantOptions & {
  /** The whole URL, percent-encoded. Its query is signed, unless `ignoresQuery`. */
  readonly url: string
}

/** What `presignBunny` needs. */
export type PresignBunnyOptions = BunnySignerOptions & BunnyRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type BunnySigner = Signer<BunnyRequest>

const OPTIONS: SignerOptionTable<BunnySignerOptions, BunnyRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: SIGNER_OPTIONS,
    request: {
      ...GRANT_OPTIONS,
      url: TEXT,
    },
  })

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createBunnySigner(options: BunnySignerOptions): BunnySigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(options: BunnySignerOptions): (request: BunnyRequest) => PresignedRequest {
  const signer = prepareBunnySigner(options)
  function sign(request: BunnyRequest): PresignedRequest {
    const url = parseAbsoluteUrl(request.url, 'url')
    const scope = { path: decodePath(url), query: url.query ?? '' }
    return placeGrant(url, signGrant(signer, request, scope), request.isInPath === true)
  }
  return sign
}

/** A key with the format it signs in. */
export interface BunnyKeySigner {
  readonly clock: Clock | undefined
  readonly key: BunnyKey
  readonly format: BunnyFormat
}

/** The signer of the options. @throws {SigningError} `key-invalid` */
export function prepareBunnySigner(options: BunnySignerOptions): BunnyKeySigner {
  requireOptions(options, 'key')
  return { key: createBunnyKey(options.key), format: options.format ?? 'hs256', clock: options.now }
}

/**
 * A URL that opens one path, with its query. Host, scheme and method are not signed.
 *
 * ```text
 * https://host/path?token=HS256-…&own=1&expires=1773484013
 * https://host/bcdn_token=HS256-…&own=1&expires=1773484013/path
 * ```
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignBunny(options: PresignBunnyOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** A token with the parameters that belong to it. */
export interface BunnyGrant {
  readonly token: string
  readonly parameters: readonly Parameter[]
  /** A query that is not signed, as written. */
  readonly looseQuery: string
  readonly expires: string
  readonly expiresAt: Date
}

type Parameter = readonly [name: string, value: string]

/** The path of a URL as it is hashed; broken escapes are a `TypeError`. */
export function decodePath(url: AbsoluteUrl): string {
  const path = percentDecode(url.path)
  if (path === null) throw new TypeError('url must have whole UTF-8 escapes')
  return path
}

/** Signs for one path, or for a folder if `tokenPath` is given. */
export function signGrant(
  { clock, format, key }: BunnyKeySigner,
  options: BunnyGrantOptions,
  scope: { readonly path: string; readonly query: string; readonly tokenPath?: string },
): BunnyGrant {
  const { clientIp, ignoresQuery = false } = options
  const expires = `${resolveExpiry(options, clock)}`
  if (!isBunnyTime(expires)) throw new RangeError('the end of life must have ten digits')
  const restrictions = listRestrictions(options)
  assertConsistent({ ...options, format }, restrictions.length > 0, scope.tokenPath !== undefined)
  const parameters: Parameter[] = ignoresQuery
    ? [['token_ignore_params', 'true']]
    : [...listOwn(scope.query), ...restrictions]
  if (scope.tokenPath !== undefined) parameters.push(['token_path', scope.tokenPath])
  const text = formatParameters(parameters)
  if (text === null) throw new TypeError('url must have no "&" in values and no "=" in names')
  const token = signBunnyMessage(format, key, {
    path: scope.tokenPath ?? scope.path,
    expires,
    clientIp: clientIp ?? null,
    parameters: text,
  })
  const sorted = parameters.toSorted(([a], [b]) => (a < b ? -1 : 1))
  const looseQuery = ignoresQuery ? scope.query : ''
  const expiresAt = new Date(Number(expires) * 1000)
  return { token, parameters: sorted, looseQuery, expires, expiresAt }
}

function assertConsistent(
  { format, clientIp, ignoresQuery }: BunnyGrantOptions & { readonly format: BunnyFormat },
  hasRestrictions: boolean,
  isFolder: boolean,
): void {
  if (clientIp !== undefined && parseIpAddress(clientIp) === null) {
    throw new TypeError('clientIp must be an IPv4 or IPv6 address')
  }
  if (ignoresQuery === true && hasRestrictions) {
    throw new TypeError('ignoresQuery would leave countries and limitKbps unsigned')
  }
  if (format === 'md5' && (hasRestrictions || isFolder)) {
    throw new TypeError('format md5 signs the path, the time and the address only')
  }
}

function listOwn(query: string): Parameter[] {
  const own = parseRawQuery(query)
  if (own === null) throw new TypeError('url must have whole UTF-8 escapes')
  const names = own.map(({ name }) => name)
  if (new Set(names).size < names.length || names.some((name) => CONTROL_NAMES.has(name))) {
    throw new TypeError('url must not repeat a parameter, and have none of the names Bunny reads')
  }
  return own.map(({ name, value }) => [name, value] as const)
}

const COUNTRY = /^[A-Z]{2}$/

function listRestrictions({
  countries,
  blockedCountries,
  limitKbps,
}: BunnyGrantOptions): Parameter[] {
  const parameters: Parameter[] = []
  for (const [name, list] of [
    ['token_countries', countries],
    ['token_countries_blocked', blockedCountries],
  ] as const) {
    if (list === undefined) continue
    if (!isTextList(list) || list.length === 0 || !list.every((country) => COUNTRY.test(country))) {
      throw new TypeError('countries and blockedCountries must be codes of two capital letters')
    }
    parameters.push([name, list.join(',')])
  }
  if (limitKbps === undefined) return parameters
  if (!Number.isSafeInteger(limitKbps) || limitKbps < 1) {
    throw new RangeError('limitKbps must be a whole number, at least 1')
  }
  return [...parameters, ['limit', `${limitKbps}`]]
}

/** The URL with its grant, in the query or in the path. */
export function placeGrant(
  url: AbsoluteUrl,
  grant: BunnyGrant,
  isInPath: boolean,
): PresignedRequest {
  const { token, parameters, looseQuery, expires, expiresAt } = grant
  const origin = `${url.scheme}://${url.host}`
  const pairs = parameters.map(([name, value]) => `&${percentEncode(name)}=${percentEncode(value)}`)
  const fields = `${token}${pairs.join('')}&expires=${expires}`
  const rest = looseQuery === '' ? '' : `${isInPath ? '?' : '&'}${looseQuery}`
  const signed = isInPath
    ? `${origin}/bcdn_token=${fields}${url.path}${rest}`
    : `${origin}${url.path}?token=${fields}${rest}`
  return { url: signed, method: 'GET', headers: {}, expiresAt }
}
