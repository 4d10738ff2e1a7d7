/**
 * Signed URLs of Tencent COS: HMAC-SHA1 over method, path and the parameters and headers that are named.
 *
 * @module
 */
export type {
  CosCredentials,
  CosSignerOptions,
  CosVerifierOptions,
  VerifiedCos,
  VerifyCosOptions,
} from './dialects/cos/params.ts'
export { createCosSigner, presignCos } from './dialects/cos/presign.ts'
export type { CosRequest, CosSigner, PresignCosOptions } from './dialects/cos/presign.ts'
export { createCosVerifier, verifyCos } from './dialects/cos/verify.ts'
export type { CosVerifier } from './dialects/cos/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
