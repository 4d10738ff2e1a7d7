/**
 * Media CDN tokens, short-lived or one half of dual-token authentication [MEDIA-CDN-TOKENS].
 *
 * @module
 */
import { checkOptions, LIST, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { toBase64Url, utf8 } from '../../lib/bytes.ts'
import { resolveExpiry, toEpochSeconds } from '../../lib/expiry.ts'
import { isBelowUrlPrefix, requireUrlPrefix } from '../../lib/google-cdn.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { toPairList } from '../../lib/pairs.ts'
import { hasDotSegment, matchesWildcard } from '../../lib/path-scope.ts'
import { isTextList, requireOptions } from '../../lib/required-options.ts'
import { createSigner } from '../../lib/signer.ts'
import type { Pairs, PrefixSigner, PresignedRequest } from '../../types.ts'
import { MEDIA_CDN_TOKEN_NAME, prepareMediaCdnPrivateKey } from './params.ts'
import { runSigning, runSigningAsync } from './signature.ts'
import type { TokenField } from './string-to-sign.ts'
import {
  formatTokenFields,
  formatTokenText,
  fullPathField,
  headersField,
} from './string-to-sign.ts'
import type { MediaCdnTokenOptions } from './token-params.ts'
import { prepareTokenSecret } from './token-params.ts'

/** A token, and the URLs it can go with. */
export interface MediaCdnToken extends PrefixSigner {
  readonly token: string
  /** Headers the request must carry, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A token for a prefix, for paths or for one path.
 *
 * ```text
 * PathGlobs=/a/*~Starts=S~Expires=E~SessionID=…~Data=…~Headers=Name,…~IPRanges=base64url~hmac=hex
 * ```
 *
 * @throws {SigningError} `key-invalid`, and for Ed25519 `sync-crypto-unavailable` without `node:crypto`
 */
export function createMediaCdnToken(options: MediaCdnTokenOptions): MediaCdnToken {
  const draft = draftToken(options)
  if (options.key.algorithm !== 'ed25519') return finishHmac(options, draft)
  const key = prepareMediaCdnPrivateKey(options.key.key)
  const finish = (signature: Uint8Array): MediaCdnToken => finishEd25519(options, draft, signature)
  return runSigning({ key, stringToSign: formatTokenText(draft.fields), finish })
}

/** The same token as {@link createMediaCdnToken}, over WebCrypto. */
export async function createMediaCdnTokenAsync(
  options: MediaCdnTokenOptions,
): Promise<MediaCdnToken> {
  const draft = draftToken(options)
  if (options.key.algorithm !== 'ed25519') return finishHmac(options, draft)
  const key = prepareMediaCdnPrivateKey(options.key.key)
  const finish = (signature: Uint8Array): MediaCdnToken => finishEd25519(options, draft, signature)
  return runSigningAsync({ key, stringToSign: formatTokenText(draft.fields), finish })
}

interface TokenDraft {
  readonly fields: readonly TokenField[]
  readonly expires: number
}

// What stands in a query without being changed on the way, less the tilde between fields.
const FIELD_TEXT = /^[A-Za-z0-9\-._!$()*,;:@/?=]+$/
const GLOB = /^\/[A-Za-z0-9\-._!$()*;:@/?=%]*$/
const HEADER_NAME = /^[!#$%&'*+\-.^_`|0-9A-Za-z]+$/
const RANGE = /^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/

const KNOWN: OptionTable<MediaCdnTokenOptions> = {
  key: OBJECT,
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
  data: TEXT,
  fullPath: TEXT,
  headers: OBJECT,
  ipRanges: LIST,
  pathGlobs: LIST,
  sessionId: TEXT,
  startsAt: true,
  tokenName: TEXT,
  urlPrefix: TEXT,
}

function draftToken(options: MediaCdnTokenOptions): TokenDraft {
  checkOptions(options, KNOWN)
  requireOptions(options, 'key')
  const expires = resolveExpiry(options)
  const { startsAt, sessionId, data, headers, ipRanges } = options
  const fields = [scopeField(options)]
  if (startsAt !== undefined) {
    fields.push({ shown: `Starts=${toEpochSeconds(startsAt, 'startsAt')}` })
  }
  fields.push({ shown: `Expires=${expires}` })
  if (sessionId !== undefined) fields.push(textField('SessionID', sessionId, 'sessionId'))
  if (data !== undefined) fields.push(textField('Data', data, 'data'))
  if (headers !== undefined) fields.push(requiredHeaders(headers))
  if (ipRanges !== undefined) {
    if (
      !isTextList(ipRanges) ||
      ipRanges.length === 0 ||
      !ipRanges.every((range) => RANGE.test(range))
    ) {
      throw new TypeError('ipRanges must be addresses or CIDR ranges')
    }
    fields.push({ shown: `IPRanges=${toBase64Url(utf8(ipRanges.join(',')))}` })
  }
  return { fields, expires }
}

function textField(name: string, value: string, parameter: string): TokenField {
  if (!FIELD_TEXT.test(value)) {
    throw new TypeError(
      `${parameter} must be text that needs no escape in a query, without a tilde`,
    )
  }
  return { shown: `${name}=${value}` }
}

function requiredHeaders(headers: Pairs): TokenField {
  const pairs = toPairList(headers, 'headers')
  const field = headersField(pairs)
  if (pairs.length === 0 || field === null || !pairs.every(([name]) => HEADER_NAME.test(name))) {
    throw new TypeError('headers must have names, and values without tildes and ",name="')
  }
  return field
}

function scopeField({ urlPrefix, pathGlobs, fullPath }: MediaCdnTokenOptions): TokenField {
  const given = [urlPrefix, pathGlobs, fullPath].filter((scope) => scope !== undefined)
  if (given.length !== 1) {
    throw new TypeError('exactly one of urlPrefix, pathGlobs and fullPath must be given')
  }
  if (urlPrefix !== undefined) {
    requireUrlPrefix(urlPrefix)
    return { shown: `URLPrefix=${toBase64Url(utf8(urlPrefix))}` }
  }
  if (pathGlobs !== undefined) {
    if (
      !isTextList(pathGlobs) ||
      pathGlobs.length === 0 ||
      !pathGlobs.every((glob) => GLOB.test(glob))
    ) {
      throw new TypeError('pathGlobs must be paths, percent-encoded, without commas and tildes')
    }
    return { shown: `PathGlobs=${pathGlobs.join(',')}` }
  }
  const field = fullPath?.startsWith('/') === true ? fullPathField(fullPath) : null
  if (field === null || fullPath?.includes('?') === true) {
    throw new TypeError('fullPath must be a path without a query, percent-encoded')
  }
  return field
}

function finishHmac(options: MediaCdnTokenOptions, draft: TokenDraft): MediaCdnToken {
  if (options.key.algorithm === 'ed25519') throw new TypeError('key must be a shared secret')
  const mac = hmacHex(prepareTokenSecret(options.key), formatTokenText(draft.fields))
  return toToken(options, draft, `hmac=${mac}`)
}

function finishEd25519(
  options: MediaCdnTokenOptions,
  draft: TokenDraft,
  signature: Uint8Array,
): MediaCdnToken {
  return toToken(options, draft, `Signature=${toBase64Url(signature)}`)
}

function toToken(
  options: MediaCdnTokenOptions,
  { fields, expires }: TokenDraft,
  tail: string,
): MediaCdnToken {
  const token = `${formatTokenFields(fields)}~${tail}`
  const expiresAt = new Date(expires * 1000)
  const headers: Record<string, string> = {}
  for (const [name, value] of toPairList(options.headers ?? {}, 'headers'))
    headers[name.toLowerCase()] = value
  const { tokenName = MEDIA_CDN_TOKEN_NAME } = options
  if (!HEADER_NAME.test(tokenName)) throw new TypeError('tokenName must be a plain name')
  function sign(url: string): PresignedRequest {
    if (!opens(options, url)) throw new RangeError('url must be one the token opens')
    const signed = appendQuery(url, `${tokenName}=${token.replaceAll('%', '%25')}`)
    return { url: signed, method: 'GET', headers, expiresAt }
  }
  return { token, expiresAt, headers, ...createSigner(sign) }
}

function opens({ urlPrefix, pathGlobs, fullPath }: MediaCdnTokenOptions, url: string): boolean {
  const { path } = parseAbsoluteUrl(url, 'url')
  if (fullPath !== undefined) return path === fullPath
  if (hasDotSegment(path)) return false
  if (urlPrefix !== undefined) return isBelowUrlPrefix(url.split('?', 1)[0] ?? '', urlPrefix)
  return pathGlobs?.some((glob) => matchesWildcard(glob, path)) === true
}
