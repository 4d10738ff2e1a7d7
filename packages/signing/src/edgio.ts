/**
 * Edgio (Azure CDN from Verizon) token authentication, ectoken v3: encrypted rules. The service closed in January
 * 2025; old URLs can still be read, and made for tests.
 *
 * @module
 */
export type {
  EdgioKeys,
  EdgioRequestFacts,
  EdgioRules,
  EdgioToken,
  EdgioTokenOptions,
  EdgioVerifierOptions,
  VerifyEdgioOptions,
  VerifiedEdgio,
} from './dialects/edgio/params.ts'
export { presignEdgio, presignEdgioAsync } from './dialects/edgio/presign.ts'
export type { PresignEdgioOptions } from './dialects/edgio/presign.ts'
export { decryptEdgioToken, decryptEdgioTokenAsync } from './dialects/edgio/token.ts'
export { createEdgioVerifier, verifyEdgio, verifyEdgioAsync } from './dialects/edgio/verify.ts'
export type { EdgioVerifier } from './dialects/edgio/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
