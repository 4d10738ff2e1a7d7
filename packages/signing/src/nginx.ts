/**
 * nginx secure_link: the operator's own expression under MD5, and the older mode with a hash in the path.
 *
 * @module
 */
export type {
  NginxRule,
  NginxVerifierOptions,
  VerifyNginxOptions,
  VerifiedNginx,
} from './dialects/nginx/params.ts'
export { createNginxSigner, presignNginx } from './dialects/nginx/presign.ts'
export type {
  NginxRequest,
  NginxSigner,
  NginxSignerOptions,
  PresignNginxOptions,
} from './dialects/nginx/presign.ts'
export { presignNginxSecret, verifyNginxSecret } from './dialects/nginx/secret.ts'
export type {
  PresignNginxSecretOptions,
  NginxSecretRequest,
  VerifyNginxSecretOptions,
  VerifiedNginxSecret,
} from './dialects/nginx/secret.ts'
export { createNginxVerifier, verifyNginx } from './dialects/nginx/verify.ts'
export type { NginxVerifier } from './dialects/nginx/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
