/**
 * Google Cloud Storage V4: signed URLs and POST policies, with RSA and HMAC keys.
 *
 * @module
 */
export { preparePrivateKey, preparePublicKey } from './lib/public-key.ts'
export type {
  PreparedPrivateKey,
  PreparedPublicKey,
  PrivateKeyInput,
  PublicKeyInput,
} from './lib/public-key.ts'
export { presignGcs, presignGcsAsync } from './dialects/gcs/presign.ts'
export type {
  GcsRequestOptions,
  PresignGcsAsyncOptions,
  PresignGcsOptions,
} from './dialects/gcs/presign.ts'
export { createGcsAsyncSigner, createGcsSigner } from './dialects/gcs/signer.ts'
export type { GcsAsyncSigner, GcsSigner } from './dialects/gcs/signer.ts'
export {
  createGcsAsyncVerifier,
  createGcsVerifier,
  verifyGcs,
  verifyGcsAsync,
} from './dialects/gcs/verify.ts'
export type {
  GcsAsyncVerifier,
  GcsAsyncVerifierOptions,
  GcsRequestFacts,
  GcsVerifier,
  GcsVerifierOptions,
  VerifiedGcs,
  VerifyGcsAsyncOptions,
  VerifyGcsOptions,
} from './dialects/gcs/verify.ts'
export { createGcsPostPolicy, createGcsPostPolicyAsync } from './dialects/gcs/post-policy.ts'
export type {
  GcsPostCondition,
  GcsPostPolicy,
  GcsPostPolicyAsyncOptions,
  GcsPostPolicyDocumentOptions,
  GcsPostPolicyOptions,
} from './dialects/gcs/post-policy.ts'
export {
  createGcsAsyncPostVerifier,
  createGcsPostVerifier,
  verifyGcsPostPolicy,
  verifyGcsPostPolicyAsync,
} from './dialects/gcs/verify-post-policy.ts'
export type {
  GcsAsyncPostVerifier,
  GcsPostTarget,
  GcsPostVerifier,
  VerifiedGcsPost,
  VerifyGcsPostAsyncOptions,
  VerifyGcsPostOptions,
} from './dialects/gcs/verify-post-policy.ts'
export type { GcsNamedOptions } from './dialects/gcs/named-options.ts'
export { responseContentDisposition } from './lib/content-disposition.ts'
export type { DownloadOptions } from './lib/content-disposition.ts'
export type { GcsAddress } from './dialects/gcs/address.ts'
export type {
  GcsAsyncSignerOptions,
  GcsHmacKey,
  GcsKey,
  GcsRemoteKey,
  GcsServiceAccountFile,
  GcsServiceAccountKey,
  GcsSignerOptions,
  GcsVerificationKey,
} from './dialects/gcs/keys.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
export type { NameRule } from './lib/name-rule.ts'
export type { GcsAlgorithm } from './dialects/gcs/params.ts'
