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
export { verifyGcs, verifyGcsAsync } from './dialects/gcs/verify.ts'
export type {
  VerifiedGcs,
  VerifyGcsAsyncOptions,
  VerifyGcsOptions,
  VerifyGcsRules,
} from './dialects/gcs/verify.ts'
export { createGcsPostPolicy, createGcsPostPolicyAsync } from './dialects/gcs/post-policy.ts'
export type {
  GcsPostCondition,
  GcsPostPolicy,
  GcsPostPolicyAsyncOptions,
  GcsPostPolicyOptions,
} from './dialects/gcs/post-policy.ts'
export { verifyGcsPostPolicy, verifyGcsPostPolicyAsync } from './dialects/gcs/verify-post-policy.ts'
export type {
  VerifiedGcsPost,
  VerifyGcsPostAsyncOptions,
  VerifyGcsPostOptions,
} from './dialects/gcs/verify-post-policy.ts'
export type { GcsAddress } from './dialects/gcs/address.ts'
export type {
  GcsHmacKey,
  GcsKey,
  GcsRemoteKey,
  GcsServiceAccountFile,
  GcsServiceAccountKey,
  GcsVerificationKey,
} from './dialects/gcs/keys.ts'
export type { GcsAlgorithm } from './dialects/gcs/params.ts'
