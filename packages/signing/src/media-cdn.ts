/**
 * Google Media CDN: signed URLs, prefixes, paths and cookies with Ed25519, and tokens with Ed25519 or HMAC.
 * Whatever uses Ed25519 comes twice: synchronous over `node:crypto`, and `…Async` over WebCrypto.
 *
 * @module
 */
export { createMediaCdnCookie, createMediaCdnCookieAsync } from './dialects/media-cdn/cookies.ts'
export { MEDIA_CDN_COOKIE_NAME, MEDIA_CDN_TOKEN_NAME } from './dialects/media-cdn/params.ts'
export type {
  MediaCdnAsyncVerifierOptions,
  MediaCdnGrantOptions,
  MediaCdnKeys,
  MediaCdnPrivateKey,
  MediaCdnPublicKey,
  MediaCdnSignerOptions,
  MediaCdnVerifierOptions,
  VerifiedMediaCdn,
  VerifyMediaCdnAsyncOptions,
  VerifyMediaCdnOptions,
} from './dialects/media-cdn/params.ts'
export {
  createMediaCdnPath,
  createMediaCdnPathAsync,
  createMediaCdnPrefix,
  createMediaCdnPrefixAsync,
} from './dialects/media-cdn/prefix.ts'
export type { MediaCdnPrefix, MediaCdnPrefixOptions } from './dialects/media-cdn/prefix.ts'
export {
  createMediaCdnAsyncSigner,
  createMediaCdnSigner,
  presignMediaCdn,
  presignMediaCdnAsync,
} from './dialects/media-cdn/presign.ts'
export type {
  MediaCdnAsyncSigner,
  MediaCdnRequest,
  MediaCdnSigner,
  PresignMediaCdnOptions,
} from './dialects/media-cdn/presign.ts'
export { createMediaCdnToken, createMediaCdnTokenAsync } from './dialects/media-cdn/token.ts'
export type { MediaCdnToken } from './dialects/media-cdn/token.ts'
export type {
  MediaCdnTokenHash,
  MediaCdnTokenOptions,
  MediaCdnTokenSecret,
  MediaCdnTokenSigningKey,
  MediaCdnTokenVerifierOptions,
  MediaCdnTokenVerifyKey,
  VerifyMediaCdnTokenOptions,
  VerifiedMediaCdnToken,
} from './dialects/media-cdn/token-params.ts'
export {
  createMediaCdnAsyncVerifier,
  createMediaCdnVerifier,
  verifyMediaCdn,
  verifyMediaCdnAsync,
  verifyMediaCdnCookie,
  verifyMediaCdnCookieAsync,
} from './dialects/media-cdn/verify.ts'
export type { MediaCdnAsyncVerifier, MediaCdnVerifier } from './dialects/media-cdn/verify.ts'
export {
  createMediaCdnTokenAsyncVerifier,
  createMediaCdnTokenVerifier,
  verifyMediaCdnToken,
  verifyMediaCdnTokenAsync,
} from './dialects/media-cdn/verify-token.ts'
export type {
  MediaCdnTokenAsyncVerifier,
  MediaCdnTokenVerifier,
} from './dialects/media-cdn/verify-token.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
export type { SignedCookie } from './lib/signed-cookie.ts'
export { preparePrivateKey, preparePublicKey } from './lib/public-key.ts'
export type { PreparedPrivateKey, PreparedPublicKey } from './lib/public-key.ts'
