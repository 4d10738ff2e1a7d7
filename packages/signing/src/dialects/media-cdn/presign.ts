/**
 * Media CDN signed URLs for one file.
 *
 * @module
 */
import { NUMBER, TEXT } from '../../lib/known-options.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { toPaddedBase64Url } from '../../lib/google-cdn.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { asyncSignerOf, signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
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

const OPTIONS: SignerOptionTable<MediaCdnSignerOptions, MediaCdnRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: {
      keyName: TEXT,
      key: true,
      now: true,
    },
    request: {
      url: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
    },
  })

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createMediaCdnSigner(options: MediaCdnSignerOptions): MediaCdnSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

/** The asynchronous twin of {@link createMediaCdnSigner}. */
export function createMediaCdnAsyncSigner(options: MediaCdnSignerOptions): MediaCdnAsyncSigner {
  return asyncSignerOf(options, OPTIONS, prepareAsyncSigning)
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
  return signOnce(options, OPTIONS, prepareSigning)
}

/** The same URL as {@link presignMediaCdn}, over WebCrypto. */
export async function presignMediaCdnAsync(
  options: PresignMediaCdnOptions,
): Promise<PresignedRequest> {
  return signOnce(options, OPTIONS, prepareAsyncSigning)
}

function prepareSigning(
  options: MediaCdnSignerOptions,
): (request: MediaCdnRequest) => PresignedRequest {
  const plan = createUrlPlanner(options)
  return (request) => runSigning(plan(request))
}

function prepareAsyncSigning(
  options: MediaCdnSignerOptions,
): (request: MediaCdnRequest) => Promise<PresignedRequest> {
  const plan = createUrlPlanner(options)
  return async (request) => runSigningAsync(plan(request))
}

function createUrlPlanner(
  options: MediaCdnSignerOptions,
): (request: MediaCdnRequest) => SigningPlan<PresignedRequest> {
  const { keyName, now } = options
  const key = prepareSigner(options)
  return (request) => {
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
