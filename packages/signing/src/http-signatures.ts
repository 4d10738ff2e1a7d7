/**
 * HTTP message signatures [RFC9421] of requests, and the digest of a body [RFC9530].
 *
 * @module
 */
export type { ContentDigestAlgorithm } from './dialects/http-signatures/content-digest.ts'
export {
  formatContentDigest,
  matchesContentDigest,
} from './dialects/http-signatures/content-digest.ts'
export type {
  HttpSignatureAlgorithm,
  HttpSigningKey,
  HttpVerificationKey,
} from './dialects/http-signatures/params.ts'
export { createHttpSigner, signHttpRequest } from './dialects/http-signatures/sign.ts'
export type {
  HttpSignatureOptions,
  HttpSigner,
  HttpSignerOptions,
  SignedHttpHeaders,
} from './dialects/http-signatures/sign.ts'
export { createHttpVerifier, verifyHttpRequest } from './dialects/http-signatures/verify.ts'
export type {
  HttpVerifier,
  HttpVerifierOptions,
  VerifiedHttp,
  VerifyHttpOptions,
} from './dialects/http-signatures/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
