/**
 * Bunny CDN token authentication: HMAC-SHA256 tokens, and the two hash formats before them.
 *
 * @module
 */
export type {
  BunnyFormat,
  BunnyGrantOptions,
  BunnyRequestFacts,
  BunnySignerOptions,
  BunnyTokenOptions,
  BunnyVerifierOptions,
  VerifyBunnyOptions,
  VerifiedBunny,
} from './dialects/bunny/params.ts'
export { createBunnyPrefix } from './dialects/bunny/prefix.ts'
export type { BunnyPrefix, BunnyPrefixOptions } from './dialects/bunny/prefix.ts'
export { createBunnySigner, presignBunny } from './dialects/bunny/presign.ts'
export type { BunnyRequest, BunnySigner, PresignBunnyOptions } from './dialects/bunny/presign.ts'
export { createBunnyVerifier, verifyBunny } from './dialects/bunny/verify.ts'
export type { BunnyVerifier } from './dialects/bunny/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
