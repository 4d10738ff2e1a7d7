/**
 * OpenStack Swift TempURL: HMAC-signed URLs for objects and prefixes.
 *
 * @module
 */
export type {
  SwiftAsyncVerifierOptions,
  SwiftDigest,
  SwiftGrantOptions,
  SwiftSignerOptions,
  SwiftTokenOptions,
  SwiftVerifierOptions,
  VerifiedSwift,
  VerifySwiftAsyncOptions,
  VerifySwiftOptions,
} from './dialects/swift/params.ts'
export { createSwiftPrefix } from './dialects/swift/prefix.ts'
export type { SwiftPrefix, SwiftPrefixOptions } from './dialects/swift/prefix.ts'
export { createSwiftSigner, presignSwift } from './dialects/swift/presign.ts'
export type { PresignSwiftOptions, SwiftRequest, SwiftSigner } from './dialects/swift/presign.ts'
export {
  createSwiftAsyncVerifier,
  createSwiftVerifier,
  verifySwift,
  verifySwiftAsync,
} from './dialects/swift/verify.ts'
export type { SwiftAsyncVerifier, SwiftVerifier } from './dialects/swift/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
