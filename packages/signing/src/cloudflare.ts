/**
 * Cloudflare's timed HMACs, `is_timed_hmac_valid_v0`: HMAC-SHA256 over path, query and time of issue.
 *
 * @module
 */
export type {
  CloudflareRule,
  CloudflareVerifierOptions,
  VerifiedCloudflare,
  VerifyCloudflareOptions,
} from './dialects/cloudflare/params.ts'
export { createCloudflareSigner, presignCloudflare } from './dialects/cloudflare/presign.ts'
export type {
  CloudflareRequest,
  CloudflareSigner,
  CloudflareSignerOptions,
  PresignCloudflareOptions,
} from './dialects/cloudflare/presign.ts'
export { createCloudflareVerifier, verifyCloudflare } from './dialects/cloudflare/verify.ts'
export type { CloudflareVerifier } from './dialects/cloudflare/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
