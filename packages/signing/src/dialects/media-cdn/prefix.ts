/**
 * Media CDN signed prefixes, in the query or inside the path: one signature that opens every URL below it.
 *
 * @module
 */
import { checkOptions, NUMBER, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { toBase64Url } from '../../lib/bytes.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { appendToUrl, requireUrlPrefix, toPaddedBase64Url } from '../../lib/google-cdn.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PrefixSigner, PresignedRequest } from '../../types.ts'
import type { MediaCdnGrantOptions } from './params.ts'
import { MEDIA_CDN_TOKEN_NAME, prepareSigner } from './params.ts'
import type { SigningPlan } from './signature.ts'
import { runSigning, runSigningAsync } from './signature.ts'
import { formatPathText, formatPrefixText } from './string-to-sign.ts'

/** What to open. */
export type MediaCdnPrefixOptions = MediaCdnGrantOptions & {
  /** Scheme, host and optional path. End it with a slash: `…/videos` also opens `…/videos-internal/`. */
  readonly urlPrefix: string
}

/** One signature for many files. */
export interface MediaCdnPrefix extends PrefixSigner {
  readonly urlPrefix: string
  /** What is added to each URL: the query fields, or the part of the path after the prefix. */
  readonly signedPart: string
}

/**
 * A signature over a prefix for the query of as many URLs as there are.
 *
 * @throws {SigningError} `key-invalid`, and `sync-crypto-unavailable` without `node:crypto`
 */
export function createMediaCdnPrefix(options: MediaCdnPrefixOptions): MediaCdnPrefix {
  return runSigning(planPrefix(options))
}

/** The same prefix as {@link createMediaCdnPrefix}, over WebCrypto. */
export async function createMediaCdnPrefixAsync(
  options: MediaCdnPrefixOptions,
): Promise<MediaCdnPrefix> {
  return runSigningAsync(planPrefix(options))
}

/**
 * A signature that becomes a part of the path, so that the relative URLs of a manifest inherit it. The prefix must
 * end with a slash.
 *
 * ```text
 * https://host/prefix/edge-cache-token=Expires=E&KeyName=K&Signature=S/rest
 * ```
 *
 * @throws {SigningError} `key-invalid`, and `sync-crypto-unavailable` without `node:crypto`
 */
export function createMediaCdnPath(options: MediaCdnPrefixOptions): MediaCdnPrefix {
  return runSigning(planPath(options))
}

/** The same path as {@link createMediaCdnPath}, over WebCrypto. */
export async function createMediaCdnPathAsync(
  options: MediaCdnPrefixOptions,
): Promise<MediaCdnPrefix> {
  return runSigningAsync(planPath(options))
}

/** Of paths and cookies, too. */
export const PREFIX_OPTIONS: OptionTable<MediaCdnPrefixOptions> = {
  keyName: TEXT,
  key: true,
  urlPrefix: TEXT,
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
}

function planPrefix(options: MediaCdnPrefixOptions): SigningPlan<MediaCdnPrefix> {
  checkOptions(options, PREFIX_OPTIONS)
  const { urlPrefix, keyName } = options
  requireUrlPrefix(urlPrefix)
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const expiresAt = new Date(expires * 1000)
  const stringToSign = formatPrefixText(urlPrefix, expires, keyName, '&')
  return {
    key,
    stringToSign,
    finish(signature) {
      const signedPart = `${stringToSign}&Signature=${toPaddedBase64Url(signature)}`
      const sign = (url: string): PresignedRequest => ({
        url: appendToUrl(url, urlPrefix, signedPart),
        method: 'GET',
        headers: {},
        expiresAt,
      })
      return { urlPrefix, expiresAt, signedPart, ...createSigner(sign) }
    },
  }
}

function planPath(options: MediaCdnPrefixOptions): SigningPlan<MediaCdnPrefix> {
  checkOptions(options, PREFIX_OPTIONS)
  const { urlPrefix, keyName } = options
  // Unlike a prefix in the query, this one is a part of the URL that is sent.
  parseAbsoluteUrl(urlPrefix, 'urlPrefix')
  if (!requireUrlPrefix(urlPrefix).path.endsWith('/') || !urlPrefix.endsWith('/')) {
    throw new TypeError('urlPrefix must end with a slash')
  }
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const expiresAt = new Date(expires * 1000)
  const stringToSign = formatPathText(urlPrefix, MEDIA_CDN_TOKEN_NAME, `${expires}`, keyName)
  return {
    key,
    stringToSign,
    finish(signature) {
      const signedPrefix = `${stringToSign}&Signature=${toBase64Url(signature)}/`
      function sign(url: string): PresignedRequest {
        if (!url.startsWith(urlPrefix) || hasDotSegment(parseAbsoluteUrl(url, 'url').path)) {
          throw new RangeError('url must lie below urlPrefix')
        }
        const signed = signedPrefix + url.slice(urlPrefix.length)
        return { url: signed, method: 'GET', headers: {}, expiresAt }
      }
      const signedPart = signedPrefix.slice(urlPrefix.length)
      return { urlPrefix, expiresAt, signedPart, ...createSigner(sign) }
    },
  }
}
