/**
 * EdgeAuth 2.0 tokens for one URL.
 *
 * @module
 */
import { FLAG, TEXT } from '../../lib/known-options.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type { AkamaiGrantOptions, AkamaiSignerOptions } from './params.ts'
import { prepareAkamaiSigner, GRANT_OPTIONS, SIGNER_OPTIONS } from './params.ts'
import { escapeEarly } from './string-to-sign.ts'
import { signFields } from './token.ts'

/** What to sign, for whom, and until when. */
export type AkamaiRequest = AkamaiGrantOptions & {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
  /** The query is signed too (the property does not ignore it). Off by default. */
  readonly coversQuery?: boolean
}

/** What `presignAkamai` needs. */
export type PresignAkamaiOptions = AkamaiSignerOptions & AkamaiRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type AkamaiSigner = Signer<AkamaiRequest>

const OPTIONS: SignerOptionTable<AkamaiSignerOptions, AkamaiRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: SIGNER_OPTIONS,
    request: {
      ...GRANT_OPTIONS,
      url: TEXT,
      coversQuery: FLAG,
    },
  })

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createAkamaiSigner(options: AkamaiSignerOptions): AkamaiSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(
  options: AkamaiSignerOptions,
): (request: AkamaiRequest) => PresignedRequest {
  const signer = prepareAkamaiSigner(options)
  function sign(request: AkamaiRequest): PresignedRequest {
    const { path, query } = parseAbsoluteUrl(request.url, 'url')
    const covered = request.coversQuery === true && query ? `${path}?${query}` : path
    const url = toHashedUrl(covered, signer.escapeEarly)
    if (url === null) throw new TypeError('url must have whole UTF-8 escapes')
    const { token, tokenName, expiresAt } = signFields(signer, request, { acl: null, url })
    const signed = appendQuery(request.url, `${tokenName}=${token}`)
    return { url: signed, method: 'GET', headers: {}, expiresAt }
  }
  return sign
}

/**
 * `url` with a token that opens its path, and its query if asked; host, scheme and method are not signed.
 * The path is hashed and does not stand in the token.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignAkamai(options: PresignAkamaiOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/**
 * A path as it is hashed: as sent, or decoded once and escaped the property's way; `null` if its escapes are broken.
 */
export function toHashedUrl(path: string, isEscaped: boolean): string | null {
  if (!isEscaped) return path
  const decoded = percentDecode(path)
  return decoded === null ? null : escapeEarly(decoded)
}
