/**
 * OpenStack Swift TempURL: HMAC-signed URLs for objects and prefixes.
 *
 * @module
 */
export type {
  SwiftDigest,
  SwiftGrantOptions,
  SwiftSignerOptions,
  SwiftTokenOptions,
  SwiftVerifierOptions,
  VerifySwiftOptions,
  VerifiedSwift,
} from './dialects/swift/params.ts'
export { createSwiftPrefix } from './dialects/swift/prefix.ts'
export type { SwiftPrefix, SwiftPrefixOptions } from './dialects/swift/prefix.ts'
export { createSwiftSigner, presignSwift } from './dialects/swift/presign.ts'
export type { PresignSwiftOptions, SwiftRequest, SwiftSigner } from './dialects/swift/presign.ts'
export { createSwiftVerifier, verifySwift } from './dialects/swift/verify.ts'
export type { SwiftVerifier } from './dialects/swift/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
