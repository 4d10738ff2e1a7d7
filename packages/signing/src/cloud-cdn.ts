/**
 * Google Cloud CDN: signed URLs, prefixes and cookies with HMAC-SHA1.
 *
 * @module
 */
export { createCloudCdnCookie } from './dialects/cloud-cdn/cookies.ts'
export { CLOUD_CDN_COOKIE_NAME } from './dialects/cloud-cdn/params.ts'
export type {
  CloudCdnAsyncVerifierOptions,
  CloudCdnKey,
  CloudCdnSignerOptions,
  CloudCdnTokenOptions,
  CloudCdnVerifierOptions,
  VerifiedCloudCdn,
  VerifyCloudCdnAsyncOptions,
  VerifyCloudCdnOptions,
} from './dialects/cloud-cdn/params.ts'
export { createCloudCdnPrefix } from './dialects/cloud-cdn/prefix.ts'
export type { CloudCdnPrefix, CloudCdnPrefixOptions } from './dialects/cloud-cdn/prefix.ts'
export { createCloudCdnSigner, presignCloudCdn } from './dialects/cloud-cdn/presign.ts'
export type {
  CloudCdnRequest,
  CloudCdnSigner,
  PresignCloudCdnOptions,
} from './dialects/cloud-cdn/presign.ts'
export {
  createCloudCdnAsyncVerifier,
  createCloudCdnVerifier,
  verifyCloudCdn,
  verifyCloudCdnAsync,
  verifyCloudCdnCookie,
  verifyCloudCdnCookieAsync,
} from './dialects/cloud-cdn/verify.ts'
export type { CloudCdnAsyncVerifier, CloudCdnVerifier } from './dialects/cloud-cdn/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
export type { SignedCookie } from './lib/signed-cookie.ts'
