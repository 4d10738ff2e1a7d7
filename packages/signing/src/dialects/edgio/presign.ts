/**
 * Makes ectoken v3 URLs. The service is closed: this is for tests of what reads old URLs, and for moving away.
 *
 * @module
 */
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { toBase64Url, utf8 } from '../../lib/bytes.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import type { PresignedRequest } from '../../types.ts'
import { encrypt, encryptAsync, joinBytes, NONCE_BYTES } from './cipher.ts'
import type { EdgioTokenOptions } from './params.ts'
import { toAesKey } from './params.ts'
import { formatEdgioText } from './rules.ts'

/** What to sign. */
export interface PresignEdgioOptions extends EdgioTokenOptions {
  /** The whole URL, percent-encoded. Only what the rules name is bound. */
  readonly url: string
}

/**
 * `url` with a token in front of its query.
 *
 * @throws {SigningError} `key-invalid`, and `sync-crypto-unavailable` without `node:crypto`
 */
export function presignEdgio(options: PresignEdgioOptions): PresignedRequest {
  const { key, nonce, plain, finish } = prepare(options)
  return finish(encrypt(key, nonce, plain))
}

/** The same URL as {@link presignEdgio}, over WebCrypto. */
export async function presignEdgioAsync(options: PresignEdgioOptions): Promise<PresignedRequest> {
  const { key, nonce, plain, finish } = prepare(options)
  return finish(await encryptAsync(key, nonce, plain))
}

interface Preparation {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  readonly plain: Uint8Array
  readonly finish: (sealed: Uint8Array) => PresignedRequest
}

function prepare(options: PresignEdgioOptions): Preparation {
  const { url, nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES)) } = options
  const { scheme, host, path, query } = parseAbsoluteUrl(url, 'url')
  if (nonce.length !== NONCE_BYTES) throw new TypeError('nonce must have 12 bytes')
  const expires = resolveExpiry(options)
  function finish(sealed: Uint8Array): PresignedRequest {
    const token = toBase64Url(joinBytes(nonce, sealed))
    const own = query === null || query === '' ? '' : `&${query}`
    return {
      url: `${scheme}://${host}${path}?${token}${own}`,
      method: 'GET',
      headers: {},
      expiresAt: new Date(expires * 1000),
    }
  }
  return {
    key: toAesKey(options.key),
    nonce,
    plain: utf8(formatEdgioText(options, expires)),
    finish,
  }
}
