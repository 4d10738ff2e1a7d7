/**
 * Signed URLs as Laravel's `URL::temporarySignedRoute` makes them.
 *
 * @module
 */
import { FLAG, NUMBER, TEXT } from '../../lib/known-options.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type { LaravelSignerOptions } from './params.ts'
import { prepareLaravelKey } from './params.ts'
import { formatLaravelText } from './string-to-sign.ts'

/** What to sign, and until when. */
export type LaravelRequest = ExpiryOptions & {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
  /** Leave scheme and host out of what is signed, for applications behind several names. */
  readonly isRelative?: boolean
}

/** What `presignLaravel` needs. */
export type PresignLaravelOptions = LaravelSignerOptions & LaravelRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type LaravelSigner = Signer<LaravelRequest>

const OPTIONS: SignerOptionTable<LaravelSignerOptions, LaravelRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: {
      key: TEXT,
      now: true,
    },
    request: {
      url: TEXT,
      isRelative: FLAG,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
    },
  })

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createLaravelSigner(options: LaravelSignerOptions): LaravelSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(
  options: LaravelSignerOptions,
): (request: LaravelRequest) => PresignedRequest {
  requireOptions(options, 'key')
  const key = prepareLaravelKey(options.key)
  function sign(request: LaravelRequest): PresignedRequest {
    assertUnsigned(parseAbsoluteUrl(request.url, 'url').query)
    const expires = resolveExpiry(request, options.now)
    const url = appendQuery(request.url, `expires=${expires}`)
    const { scheme, host, path, query } = parseAbsoluteUrl(url, 'url')
    const text = formatLaravelText(
      { scheme, host, path, query: query ?? '' },
      request.isRelative === true,
    )
    return {
      url: `${url}&signature=${hmacHex(key, text)}`,
      method: 'GET',
      headers: {},
      expiresAt: new Date(expires * 1000),
    }
  }
  return sign
}

/**
 * A URL that a Laravel application with this key takes until it expires. Scheme, host, path and query are signed, unless
 * it `isRelative`; the method is not.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignLaravel(options: PresignLaravelOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** @throws {TypeError} */
function assertUnsigned(query: string | null): void {
  if (query !== null && /(?:^|&)(?:signature|expires)(?:=|&|$)/.test(query)) {
    throw new TypeError('url must not already have the parameters signature and expires')
  }
}
