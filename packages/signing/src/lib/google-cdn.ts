/**
 * The signed URL, prefix and cookie forms that Cloud CDN and Media CDN share: they differ in the signature only.
 *
 * ```text
 * URL     https://host/path?own=1&Expires=E&KeyName=K          &Signature=S   signed up to &Signature
 * prefix  URLPrefix=base64url&Expires=E&KeyName=K              &Signature=S   these fields alone are signed
 * cookie  URLPrefix=base64url:Expires=E:KeyName=K              :Signature=S
 * ```
 *
 * [CLOUD-CDN-URLS], [CLOUD-CDN-COOKIES], [MEDIA-CDN-SIGNATURES]
 *
 * @module
 */
import { requireGiven } from './required-options.ts'
import { SigningError } from '../errors.ts'
import type { RawRequest } from '../types.ts'
import { appendQuery, parseAbsoluteUrl } from './absolute-url.ts'
import type { AbsoluteUrl } from './absolute-url.ts'
import { fromBase64Url, toBase64, utf8 } from './bytes.ts'
import { parseEpochSeconds } from './expiry.ts'
import { hasDotSegment } from './path-scope.ts'
import { requireHost } from './raw-headers.ts'
import { parseRawQuery, splitTarget } from './raw-target.ts'
import type { RawParameter } from './raw-target.ts'

/** What a signed request or cookie says, before anything is checked. */
export interface GoogleCdnGrant {
  readonly stringToSign: string
  /** `null`: one URL. */
  readonly urlPrefix: string | null
  readonly expiresSeconds: number
  readonly keyName: string
  /** As sent, escapes decoded once. */
  readonly signature: string
}

const CONTROL_NAMES = new Set(['URLPrefix', 'Expires', 'KeyName', 'Signature'])
const KEY_NAME = /^[A-Za-z0-9_-]{1,64}$/

/** base64url with padding, as both products write it. */
export function toPaddedBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_')
}

/** Refuses, as a `TypeError`, key names Google does not take. */
export function assertKeyName(keyName: string): void {
  if (!KEY_NAME.test(keyName)) {
    throw new TypeError('keyName must be 1 to 64 letters, digits, dashes and underscores')
  }
}

/** The text signed for one URL; with `&Signature=` and the signature it is the signed URL. */
export function formatUrlText(url: string, expiresSeconds: number, keyName: string): string {
  const { query } = parseAbsoluteUrl(url, 'url')
  assertNoControlNames(query)
  return appendQuery(url, `Expires=${expiresSeconds}&KeyName=${keyName}`)
}

/** The text signed for a prefix; fields are joined with `&` in URLs and with `:` in cookies. */
export function formatPrefixText(
  urlPrefix: string,
  expiresSeconds: number,
  keyName: string,
  separator: '&' | ':',
): string {
  const encoded = toPaddedBase64Url(utf8(urlPrefix))
  return [`URLPrefix=${encoded}`, `Expires=${expiresSeconds}`, `KeyName=${keyName}`].join(separator)
}

const PREFIX = /^(https?):\/\/([A-Za-z0-9._~\-[\]:]+)(\/[^?#]*)?$/

/** The parts of a prefix: scheme, host and optional path; `null` for anything with a query, a fragment or dot segments. */
function parseUrlPrefix(urlPrefix: string): AbsoluteUrl | null {
  const parts = PREFIX.exec(urlPrefix)
  if (parts === null || hasDotSegment(parts[3] ?? '/')) return null
  const scheme = parts[1] === 'http' ? 'http' : 'https'
  return { scheme, host: parts[2] ?? '', path: parts[3] ?? '/', query: null }
}

/** The parts of the prefix a caller gave; a `TypeError` if it cannot be one. */
export function requireUrlPrefix(urlPrefix: string): AbsoluteUrl {
  requireGiven(urlPrefix, 'urlPrefix')
  const parts = parseUrlPrefix(urlPrefix)
  if (parts === null) {
    throw new TypeError(
      'urlPrefix must be scheme, host and optional path, without query, fragment and dot segments',
    )
  }
  return parts
}

/** `url` with the signed fields of a prefix appended; a `RangeError` if it does not lie below the prefix. */
export function appendToUrl(url: string, urlPrefix: string, signedFields: string): string {
  const { path, query } = parseAbsoluteUrl(url, 'url')
  const end = query === null ? url.length : url.indexOf('?')
  if (!isBelowUrlPrefix(url.slice(0, end), urlPrefix) || hasDotSegment(path)) {
    throw new RangeError('url must lie below urlPrefix')
  }
  if (query !== null) assertNoControlNames(query)
  return appendQuery(url, signedFields)
}

/** True if the URL, without its query, begins with the prefix; a prefix without a path ends where the host ends. */
export function isBelowUrlPrefix(url: string, urlPrefix: string): boolean {
  if (!url.startsWith(urlPrefix)) return false
  // `https://media.test` must not open `https://media.test.attacker.test/`.
  return urlPrefix.indexOf('/', 8) !== -1 || url[urlPrefix.length] === '/'
}

function assertNoControlNames(query: string | null): void {
  const parameters = parseRawQuery(query ?? '')
  if (parameters === null) throw new TypeError('url must have a query with whole UTF-8 escapes')
  const own = parameters.find((parameter) => CONTROL_NAMES.has(parameter.name))
  if (own !== undefined) throw new TypeError(`url must not already have the parameter ${own.name}`)
}

/** The grant in the query of a request. */
export function parseSignedQuery(request: RawRequest, dialect: string): GoogleCdnGrant {
  const { path, query } = splitTarget(request.target)
  const parameters = parseRawQuery(query ?? '')
  if (parameters === null) throw malformed('query', 'expected whole escapes of UTF-8')
  const control = collectControls(parameters)
  const signature = control.get('Signature')
  if (signature === undefined) {
    throw new SigningError('signature-missing', 'the request carries no signature', { dialect })
  }
  const prefix = control.get('URLPrefix')
  const grant = {
    expiresSeconds: parseEpochSeconds(requireControl(control, 'Expires').value, 'Expires'),
    keyName: checkKeyName(requireControl(control, 'KeyName').value),
    signature: signature.value,
  }
  if (prefix !== undefined) {
    const stringToSign = joinPrefixFields(parameters)
    return { ...grant, stringToSign, urlPrefix: decodeUrlPrefix(prefix.value) }
  }
  // Whatever follows the signature is outside it, so nothing may.
  const isLast = parameters.at(-1) === signature && query?.endsWith('&') === false
  if (!isLast) throw malformed('Signature', 'expected as the last parameter')
  const host = requireHost(request)
  const signed = (query ?? '').slice(0, -signature.raw.length - 1)
  return {
    ...grant,
    stringToSign: `${request.scheme ?? 'https'}://${host}${path}?${signed}`,
    urlPrefix: null,
  }
}

function collectControls(parameters: readonly RawParameter[]): Map<string, RawParameter> {
  const control = new Map<string, RawParameter>()
  for (const parameter of parameters) {
    const { name, raw } = parameter
    if (!CONTROL_NAMES.has(name)) continue
    if (control.has(name)) {
      throw new SigningError('parameter-duplicate', `${name} came more than once`, {
        parameter: name,
      })
    }
    if (raw.slice(0, name.length) !== name || raw[name.length] !== '=') {
      throw malformed(name, 'expected its name without escapes')
    }
    control.set(name, parameter)
  }
  return control
}

function requireControl(control: Map<string, RawParameter>, name: string): RawParameter {
  const found = control.get(name)
  if (found === undefined) {
    throw new SigningError('parameter-missing', `the parameter ${name} is missing`, {
      parameter: name,
    })
  }
  return found
}

/** The three signed fields as sent; they must stand together, in the order in which they are signed. */
function joinPrefixFields(parameters: readonly RawParameter[]): string {
  const first = parameters.findIndex((parameter) => parameter.name === 'URLPrefix')
  const fields = parameters.slice(first, first + 4)
  const names = fields.map((field) => field.name).join()
  if (names !== 'URLPrefix,Expires,KeyName,Signature') {
    throw malformed('URLPrefix', 'expected URLPrefix, Expires, KeyName, Signature in this order')
  }
  return fields
    .slice(0, 3)
    .map((field) => field.raw)
    .join('&')
}

const COOKIE =
  /^(URLPrefix=([A-Za-z0-9_-]+={0,2}):Expires=(\d{1,12}):KeyName=([A-Za-z0-9_-]{1,64})):Signature=([A-Za-z0-9_-]+={0,2})$/

/** The grant in the value of a cookie. */
export function parseSignedCookie(value: string, name: string): GoogleCdnGrant {
  const parts = COOKIE.exec(value)
  if (parts === null) {
    throw malformed(name, 'expected URLPrefix, Expires, KeyName and Signature between colons')
  }
  const [, stringToSign = '', prefix = '', expires = '', keyName = '', signature = ''] = parts
  return {
    stringToSign,
    urlPrefix: decodeUrlPrefix(prefix),
    expiresSeconds: parseEpochSeconds(expires, 'Expires'),
    keyName,
    signature,
  }
}

function checkKeyName(keyName: string): string {
  if (!KEY_NAME.test(keyName)) {
    throw malformed('KeyName', 'expected letters, digits, dashes and underscores')
  }
  return keyName
}

/** The prefix behind its base64url. */
export function decodeUrlPrefix(encoded: string): string {
  const bytes = fromBase64Url(encoded)
  const urlPrefix = bytes === null ? null : decodeUtf8(bytes)
  if (urlPrefix === null || parseUrlPrefix(urlPrefix) === null) {
    throw malformed('URLPrefix', 'expected base64url of scheme, host and optional path')
  }
  return urlPrefix
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Refuses a request that does not lie below the prefix. */
export function assertBelowPrefix(request: RawRequest, urlPrefix: string): void {
  const { path } = splitTarget(request.target)
  const url = `${request.scheme ?? 'https'}://${requireHost(request)}${path}`
  if (hasDotSegment(path) || !isBelowUrlPrefix(url, urlPrefix)) {
    throw new SigningError('resource-mismatch', 'the request is not below the signed prefix', {
      reason: 'the URL does not begin with the signed prefix, or has dot segments',
    })
  }
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
