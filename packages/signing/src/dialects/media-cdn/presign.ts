/**
 * Media CDN signed URLs for one file.
 *
 * @module
 */
import { refuseUnknown } from '../../lib/known-options.ts'
import type { OptionNames } from '../../lib/known-options.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { toPaddedBase64Url } from '../../lib/google-cdn.ts'
import { createAsyncSigner, createSigner } from '../../lib/signer.ts'
import type { AsyncSigner, PresignedRequest, Signer } from '../../types.ts'
import type { MediaCdnSignerOptions } from './params.ts'
import { prepareSigner } from './params.ts'
import type { SigningPlan } from './signature.ts'
import { runSigning, runSigningAsync } from './signature.ts'
import { formatUrlText } from './string-to-sign.ts'

/** What to sign, and until when. */
export type MediaCdnRequest = ExpiryOptions & {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
}

/** What `presignMediaCdn` needs. */
export type PresignMediaCdnOptions = MediaCdnSignerOptions & MediaCdnRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type MediaCdnSigner = Signer<MediaCdnRequest>

/** The same over WebCrypto. */
export type MediaCdnAsyncSigner = AsyncSigner<MediaCdnRequest>

const KNOWN: OptionNames<PresignMediaCdnOptions> = {
  keyName: true,
  key: true,
  url: true,
  expiresInSeconds: true,
  expiresAt: true,
  now: true,
}

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createMediaCdnSigner(options: MediaCdnSignerOptions): MediaCdnSigner {
  const plan = createUrlPlanner(options)
  return createSigner((request) => runSigning(plan(request)))
}

/** The asynchronous twin of {@link createMediaCdnSigner}. */
export function createMediaCdnAsyncSigner(options: MediaCdnSignerOptions): MediaCdnAsyncSigner {
  const plan = createUrlPlanner(options)
  return createAsyncSigner(async (request) => runSigningAsync(plan(request)))
}

/**
 * A URL that Media CDN serves until it expires. Scheme, host, path and query are signed; the method is not.
 *
 * ```text
 * https://host/path?own=1&Expires=E&KeyName=K&Signature=Ed25519
 * ```
 *
 * @throws {SigningError} `key-invalid`, and `sync-crypto-unavailable` without `node:crypto`
 */
export function presignMediaCdn(options: PresignMediaCdnOptions): PresignedRequest {
  return createMediaCdnSigner(options).sign(options)
}

/** The same URL as {@link presignMediaCdn}, over WebCrypto. */
export async function presignMediaCdnAsync(
  options: PresignMediaCdnOptions,
): Promise<PresignedRequest> {
  return createMediaCdnAsyncSigner(options).sign(options)
}

function createUrlPlanner(
  options: MediaCdnSignerOptions,
): (request: MediaCdnRequest) => SigningPlan<PresignedRequest> {
  refuseUnknown(options, KNOWN)
  const { keyName, now } = options
  const key = prepareSigner(options)
  return (request) => {
    refuseUnknown(request, KNOWN)
    const expires = resolveExpiry(request, now)
    const text = formatUrlText(request.url, expires, keyName)
    return {
      key,
      stringToSign: text,
      finish: (signature) => ({
        url: `${text}&Signature=${toPaddedBase64Url(signature)}`,
        method: 'GET',
        headers: {},
        expiresAt: new Date(expires * 1000),
      }),
    }
  }
}
