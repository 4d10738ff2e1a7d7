/**
 * CloudFront signed URLs and signed cookies: sign and verify.
 *
 * @module
 */
export { preparePrivateKey, preparePublicKey } from './lib/public-key.ts'
export type {
  PreparedPrivateKey,
  PreparedPublicKey,
  PrivateKeyInput,
  PublicKeyInput,
} from './lib/public-key.ts'
export {
  createCloudFrontAsyncSigner,
  createCloudFrontSigner,
  presignCloudFront,
  presignCloudFrontAsync,
} from './dialects/cloudfront/presign.ts'
export type {
  CloudFrontAsyncSigner,
  CloudFrontRequest,
  CloudFrontSigner,
  PresignCloudFrontOptions,
} from './dialects/cloudfront/presign.ts'
export {
  createCloudFrontPrefix,
  createCloudFrontPrefixAsync,
} from './dialects/cloudfront/prefix.ts'
export type { CloudFrontPrefix, CloudFrontPrefixOptions } from './dialects/cloudfront/prefix.ts'
export {
  createCloudFrontCookies,
  createCloudFrontCookiesAsync,
} from './dialects/cloudfront/cookies.ts'
export type {
  CloudFrontCookieOptions,
  CloudFrontCookies,
  CloudFrontSameSite,
} from './dialects/cloudfront/cookies.ts'
export {
  createCloudFrontAsyncVerifier,
  createCloudFrontVerifier,
  verifyCloudFront,
  verifyCloudFrontAsync,
  verifyCloudFrontCookies,
  verifyCloudFrontCookiesAsync,
} from './dialects/cloudfront/verify.ts'
export type {
  CloudFrontAsyncVerifier,
  CloudFrontAsyncVerifierOptions,
  CloudFrontVerifier,
  CloudFrontVerifierOptions,
  VerifiedCloudFront,
  VerifyCloudFrontAsyncOptions,
  VerifyCloudFrontOptions,
} from './dialects/cloudfront/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
export type { CloudFrontHashAlgorithm } from './dialects/cloudfront/params.ts'
export type { CloudFrontPolicyOptions } from './dialects/cloudfront/prepare-policy.ts'
export type { CloudFrontSignerKey } from './dialects/cloudfront/signer-key.ts'
