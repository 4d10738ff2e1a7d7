/**
 * Signed URLs of Imgix.
 *
 * @module
 */
import { refuseUnknown } from '../../lib/known-options.ts'
import type { OptionNames } from '../../lib/known-options.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type { ImgixSignerOptions } from './params.ts'
import { assertToken } from './params.ts'
import { signImgixText } from './string-to-sign.ts'

/** What to sign, and until when. */
export type ImgixRequest = ExpiryOptions & {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
}

/** What `presignImgix` needs. */
export type PresignImgixOptions = ImgixSignerOptions & ImgixRequest

/** Signs URL after URL with one token. */
export type ImgixSigner = Signer<ImgixRequest>

const KNOWN: OptionNames<PresignImgixOptions> = {
  token: true,
  url: true,
  expiresInSeconds: true,
  expiresAt: true,
  now: true,
}

/** A signer for as long as its token is good. @throws {SigningError} `key-invalid` */
export function createImgixSigner(options: ImgixSignerOptions): ImgixSigner {
  refuseUnknown(options, KNOWN)
  requireOptions(options, 'token')
  const { token, now } = options
  assertToken(token)
  function sign(request: ImgixRequest): PresignedRequest {
    refuseUnknown(request, KNOWN)
    assertUnsigned(parseAbsoluteUrl(request.url, 'url').query)
    const expires = resolveExpiry(request, now)
    const url = appendQuery(request.url, `expires=${expires}`)
    const { path, query } = parseAbsoluteUrl(url, 'url')
    return {
      url: `${url}&s=${signImgixText(token, path, query ?? '')}`,
      method: 'GET',
      headers: {},
      expiresAt: new Date(expires * 1000),
    }
  }
  return createSigner(sign)
}

/**
 * A URL that Imgix serves until it expires. Path and query are signed; scheme, host and method are not.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignImgix(options: PresignImgixOptions): PresignedRequest {
  return createImgixSigner(options).sign(options)
}

/** @throws {TypeError} */
function assertUnsigned(query: string | null): void {
  if (query !== null && /(?:^|&)(?:s|expires)(?:=|&|$)/.test(query)) {
    throw new TypeError('url must not already have the parameters s and expires')
  }
}
