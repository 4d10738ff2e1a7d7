/**
 * OpenStack Swift TempURL: HMAC-signed URLs for objects and prefixes.
 *
 * @module
 */
export type {
  SwiftDigest,
  SwiftSigner,
  VerifySwiftOptions,
  VerifiedSwift,
} from './dialects/swift/params.ts'
export { createSwiftPrefix } from './dialects/swift/prefix.ts'
export type { SwiftPrefix, SwiftPrefixOptions } from './dialects/swift/prefix.ts'
export { presignSwift } from './dialects/swift/presign.ts'
export type { PresignSwiftOptions } from './dialects/swift/presign.ts'
export { verifySwift } from './dialects/swift/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
