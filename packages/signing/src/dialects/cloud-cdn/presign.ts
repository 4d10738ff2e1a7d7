/**
 * Cloud CDN signed URLs for one file.
 *
 * @module
 */
import { resolveExpiry } from '../../lib/expiry.ts'
import type { PresignedRequest } from '../../types.ts'
import type { CloudCdnSigner } from './params.ts'
import { prepareSigner } from './params.ts'
import { formatUrlText, signCloudCdnText } from './string-to-sign.ts'

/** What to sign. */
export interface PresignCloudCdnOptions extends CloudCdnSigner {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
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
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const text = formatUrlText(options.url, expires, options.keyName)
  return {
    url: `${text}&Signature=${signCloudCdnText(key, text)}`,
    method: 'GET',
    headers: {},
    expiresAt: new Date(expires * 1000),
  }
}
