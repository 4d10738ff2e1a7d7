/**
 * Bunny CDN token authentication: HMAC-SHA256 tokens, and the two hash formats before them.
 *
 * @module
 */
export type {
  BunnyFormat,
  BunnySigner,
  VerifyBunnyOptions,
  VerifiedBunny,
} from './dialects/bunny/params.ts'
export { createBunnyPrefix } from './dialects/bunny/prefix.ts'
export type { BunnyPrefix, BunnyPrefixOptions } from './dialects/bunny/prefix.ts'
export { presignBunny } from './dialects/bunny/presign.ts'
export type { PresignBunnyOptions } from './dialects/bunny/presign.ts'
export { verifyBunny } from './dialects/bunny/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
