/**
 * Signed URLs of Imgix: MD5 over the token of the source, path and query.
 *
 * @module
 */
export type {
  ImgixSignerOptions,
  ImgixVerifierOptions,
  VerifiedImgix,
  VerifyImgixOptions,
} from './dialects/imgix/params.ts'
export { createImgixSigner, presignImgix } from './dialects/imgix/presign.ts'
export type { ImgixRequest, ImgixSigner, PresignImgixOptions } from './dialects/imgix/presign.ts'
export { createImgixVerifier, verifyImgix } from './dialects/imgix/verify.ts'
export type { ImgixVerifier } from './dialects/imgix/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
