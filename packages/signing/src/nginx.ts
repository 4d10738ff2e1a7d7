/**
 * nginx secure_link: the operator's own expression under MD5, and the older mode with a hash in the path.
 *
 * @module
 */
export type { NginxRule, VerifyNginxOptions, VerifiedNginx } from './dialects/nginx/params.ts'
export { presignNginx } from './dialects/nginx/presign.ts'
export type { PresignNginxOptions } from './dialects/nginx/presign.ts'
export { presignNginxSecret, verifyNginxSecret } from './dialects/nginx/secret.ts'
export type {
  PresignNginxSecretOptions,
  NginxSecretRequest,
  VerifyNginxSecretOptions,
  VerifiedNginxSecret,
} from './dialects/nginx/secret.ts'
export { verifyNginx } from './dialects/nginx/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
