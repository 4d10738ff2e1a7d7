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
export { presignCloudFront, presignCloudFrontAsync } from './dialects/cloudfront/presign.ts'
export type { PresignCloudFrontOptions } from './dialects/cloudfront/presign.ts'
export {
  createCloudFrontSigner,
  createCloudFrontSignerAsync,
} from './dialects/cloudfront/signer.ts'
export type { CloudFrontSigner, CloudFrontSignerOptions } from './dialects/cloudfront/signer.ts'
export {
  createCloudFrontCookies,
  createCloudFrontCookiesAsync,
} from './dialects/cloudfront/cookies.ts'
export type { CloudFrontCookieOptions, CloudFrontCookies } from './dialects/cloudfront/cookies.ts'
export {
  verifyCloudFront,
  verifyCloudFrontAsync,
  verifyCloudFrontCookies,
  verifyCloudFrontCookiesAsync,
} from './dialects/cloudfront/verify.ts'
export type {
  VerifiedCloudFront,
  VerifyCloudFrontAsyncOptions,
  VerifyCloudFrontOptions,
} from './dialects/cloudfront/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
export type { CloudFrontHashAlgorithm } from './dialects/cloudfront/params.ts'
export type { CloudFrontPolicyOptions } from './dialects/cloudfront/prepare-policy.ts'
export type { CloudFrontSignerKey } from './dialects/cloudfront/signer-key.ts'
