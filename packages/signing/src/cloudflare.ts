/**
 * Cloudflare's timed HMACs, `is_timed_hmac_valid_v0`: HMAC-SHA256 over path, query and time of issue.
 *
 * @module
 */
export type {
  CloudflareRule,
  VerifiedCloudflare,
  VerifyCloudflareOptions,
} from './dialects/cloudflare/params.ts'
export { presignCloudflare } from './dialects/cloudflare/presign.ts'
export type { PresignCloudflareOptions } from './dialects/cloudflare/presign.ts'
export { verifyCloudflare } from './dialects/cloudflare/verify.ts'
