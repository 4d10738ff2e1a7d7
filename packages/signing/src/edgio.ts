/**
 * Edgio (Azure CDN from Verizon) token authentication, ectoken v3: encrypted rules. The service closed in January
 * 2025; old URLs can still be read.
 *
 * @module
 */
export type {
  EdgioKeys,
  EdgioRequestFacts,
  EdgioRules,
  EdgioToken,
  EdgioVerifierOptions,
  VerifyEdgioOptions,
  VerifiedEdgio,
} from './dialects/edgio/params.ts'
export { decryptEdgioToken, decryptEdgioTokenAsync } from './dialects/edgio/token.ts'
export {
  createEdgioAsyncVerifier,
  createEdgioVerifier,
  verifyEdgio,
  verifyEdgioAsync,
} from './dialects/edgio/verify.ts'
export type { EdgioAsyncVerifier, EdgioVerifier } from './dialects/edgio/verify.ts'
