/**
 * Cloud CDN signed URLs for one file.
 *
 * @module
 */
import { NUMBER, TEXT } from '../../lib/known-options.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type { CloudCdnSignerOptions } from './params.ts'
import { prepareSigner } from './params.ts'
import { formatUrlText, signCloudCdnText } from './string-to-sign.ts'

/** What to sign, and until when. */
export type CloudCdnRequest = ExpiryOptions & {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
}

/** What `presignCloudCdn` needs. */
export type PresignCloudCdnOptions = CloudCdnSignerOptions & CloudCdnRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type CloudCdnSigner = Signer<CloudCdnRequest>

const OPTIONS: SignerOptionTable<CloudCdnSignerOptions, CloudCdnRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: {
      keyName: TEXT,
      key: TEXT,
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
export function createCloudCdnSigner(options: CloudCdnSignerOptions): CloudCdnSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(
  options: CloudCdnSignerOptions,
): (request: CloudCdnRequest) => PresignedRequest {
  const { keyName } = options
  const key = prepareSigner(options)
  function sign(request: CloudCdnRequest): PresignedRequest {
    const expires = resolveExpiry(request, options.now)
    const text = formatUrlText(request.url, expires, keyName)
    return {
      url: `${text}&Signature=${signCloudCdnText(key, text)}`,
      method: 'GET',
      headers: {},
      expiresAt: new Date(expires * 1000),
    }
  }
  return sign
}

/**
 * A URL that Cloud CDN serves until it expires. Scheme, host, path and query are signed; the method is not.
 *
 * ```text
 * https://host/path?own=1&Expires=E&KeyName=K&Signature=HMAC-SHA1
 * ```
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignCloudCdn(options: PresignCloudCdnOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}
