/**
 * EdgeAuth 2.0 tokens that open paths by pattern: one HMAC for as many URLs as fit.
 *
 * @module
 */
import { checkOptions } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { resolveExpiry, toEpochSeconds } from '../../lib/expiry.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { parseIpAddress } from '../../lib/ip-address.ts'
import { hasDotSegment, matchesWildcard } from '../../lib/path-scope.ts'
import { isTextList, requireOptions } from '../../lib/required-options.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PrefixSigner, PresignedRequest } from '../../types.ts'
import type { AkamaiGrantOptions, AkamaiKeyedProperty, AkamaiTokenOptions } from './params.ts'
import { prepareAkamaiSigner, GRANT_OPTIONS, SIGNER_OPTIONS } from './params.ts'
import { escapeEarly, formatAkamaiText } from './string-to-sign.ts'

/** What to open. */
export type AkamaiAclOptions = AkamaiTokenOptions & {
  /** Paths, percent-encoded as sent, in which `*` is any run of characters, slashes included, and `?` one. */
  readonly acl: string | readonly string[]
}

/** A token, and the URLs it can go with. */
export interface AkamaiToken extends PrefixSigner {
  readonly token: string
  readonly tokenName: string
}

const KNOWN: OptionTable<AkamaiAclOptions> = {
  ...SIGNER_OPTIONS,
  ...GRANT_OPTIONS,
  acl: true,
}

/**
 * A token for every path that fits. Sent as parameter, cookie or header of the property's token name.
 *
 * ```text
 * exp=1773484013~acl=/videos/*~hmac=hex
 * ```
 *
 * @throws {SigningError} `key-invalid`
 */
export function createAkamaiToken(options: AkamaiAclOptions): AkamaiToken {
  checkOptions(options, KNOWN)
  requireOptions(options, 'acl')
  const acl = typeof options.acl === 'string' ? [options.acl] : options.acl
  if (!isTextList(acl) || acl.length === 0 || !acl.every((path) => ACL_PATH.test(path))) {
    throw new TypeError('acl must be paths, percent-encoded, without exclamation marks and tildes')
  }
  const { token, tokenName, expiresAt } = signFields(prepareAkamaiSigner(options), options, {
    acl: acl.join('!'),
    url: null,
  })
  function sign(url: string): PresignedRequest {
    const { path } = parseAbsoluteUrl(url, 'url')
    if (hasDotSegment(path) || !acl.some((pattern) => matchesWildcard(pattern, path))) {
      throw new RangeError('url must be one the token opens')
    }
    return { url: appendQuery(url, `${tokenName}=${token}`), method: 'GET', headers: {}, expiresAt }
  }
  return { token, tokenName, expiresAt, ...createSigner(sign) }
}

const ACL_PATH = /^\/[A-Za-z0-9\-._$()*,;:@/?=%]*$/
// What stands in a query and a cookie without being changed on the way, less the tilde between fields.
const PLAIN = /^[A-Za-z0-9\-._!$()*:@/?=]+$/

/** A signed token and what it was made with. */
export interface SignedFields {
  readonly token: string
  readonly tokenName: string
  readonly expiresAt: Date
}

/** Signs the fields of the options for an ACL or for a URL (as it is hashed). */
export function signFields(
  { clock, escapeEarly: isEscaped, key, salt, tokenName }: AkamaiKeyedProperty,
  options: AkamaiGrantOptions,
  scope: { readonly acl: string | null; readonly url: string | null },
): SignedFields {
  const expires = resolveExpiry(options, clock)
  const { ip, startsAt, sessionId, data } = options
  const fields: string[] = []
  if (ip !== undefined) {
    if (parseIpAddress(ip) === null) throw new TypeError('ip must be an IPv4 or IPv6 address')
    fields.push(`ip=${encodeField(ip, 'ip', isEscaped)}`)
  }
  if (startsAt !== undefined) fields.push(`st=${toEpochSeconds(startsAt, 'startsAt')}`)
  fields.push(`exp=${expires}`)
  if (scope.acl !== null) fields.push(`acl=${scope.acl}`)
  if (sessionId !== undefined) {
    fields.push(`id=${encodeField(sessionId, 'sessionId', isEscaped)}`)
  }
  if (data !== undefined) fields.push(`data=${encodeField(data, 'data', isEscaped)}`)
  const shown = fields.join('~')
  const mac = hmacHex(key, formatAkamaiText(shown, scope.url, salt))
  return { token: `${shown}~hmac=${mac}`, tokenName, expiresAt: new Date(expires * 1000) }
}

function encodeField(value: string, parameter: string, isEscaped: boolean): string {
  if (isEscaped && value !== '' && value.isWellFormed()) return escapeEarly(value)
  if (isEscaped || !PLAIN.test(value)) {
    throw new TypeError(
      `${parameter} must be ${isEscaped ? 'whole Unicode text' : 'text that needs no escape, or escapeEarly be set'}`,
    )
  }
  return value
}
