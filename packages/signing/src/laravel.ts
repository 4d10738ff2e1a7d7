/**
 * Signed URLs of Laravel: HMAC-SHA256 over the URL as text.
 *
 * @module
 */
export type {
  LaravelSignerOptions,
  LaravelVerifierOptions,
  VerifiedLaravel,
  VerifyLaravelOptions,
} from './dialects/laravel/params.ts'
export { createLaravelSigner, presignLaravel } from './dialects/laravel/presign.ts'
export type {
  LaravelRequest,
  LaravelSigner,
  PresignLaravelOptions,
} from './dialects/laravel/presign.ts'
export { createLaravelVerifier, verifyLaravel } from './dialects/laravel/verify.ts'
export type { LaravelVerifier } from './dialects/laravel/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
