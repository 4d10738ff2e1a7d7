/**
 * Akamai EdgeAuth 2.0: tokens for URLs and for path patterns, with HMAC.
 *
 * @module
 */
export { AKAMAI_TOKEN_NAME } from './dialects/akamai/params.ts'
export type {
  AkamaiAlgorithm,
  AkamaiGrantOptions,
  AkamaiProperty,
  AkamaiSignerOptions,
  AkamaiTokenOptions,
  AkamaiVerifierOptions,
  VerifyAkamaiOptions,
  VerifiedAkamai,
} from './dialects/akamai/params.ts'
export { createAkamaiSigner, presignAkamai } from './dialects/akamai/presign.ts'
export type {
  AkamaiRequest,
  AkamaiSigner,
  PresignAkamaiOptions,
} from './dialects/akamai/presign.ts'
export { createAkamaiToken } from './dialects/akamai/token.ts'
export type { AkamaiAclOptions, AkamaiToken } from './dialects/akamai/token.ts'
export { createAkamaiVerifier, verifyAkamai } from './dialects/akamai/verify.ts'
export type { AkamaiVerifier } from './dialects/akamai/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
