/**
 * Signed URLs of Imgix.
 *
 * @module
 */
import { NUMBER, TEXT } from '../../lib/known-options.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
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

const OPTIONS: SignerOptionTable<ImgixSignerOptions, ImgixRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: {
      token: TEXT,
      now: true,
    },
    request: {
      url: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
    },
  })

/** A signer for as long as its token is good. @throws {SigningError} `key-invalid` */
export function createImgixSigner(options: ImgixSignerOptions): ImgixSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(options: ImgixSignerOptions): (request: ImgixRequest) => PresignedRequest {
  requireOptions(options, 'token')
  const { token, now } = options
  assertToken(token)
  function sign(request: ImgixRequest): PresignedRequest {
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
  return sign
}

/**
 * A URL that Imgix serves until it expires. Path and query are signed; scheme, host and method are not.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignImgix(options: PresignImgixOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** @throws {TypeError} */
function assertUnsigned(query: string | null): void {
  if (query !== null && /(?:^|&)(?:s|expires)(?:=|&|$)/.test(query)) {
    throw new TypeError('url must not already have the parameters s and expires')
  }
}
