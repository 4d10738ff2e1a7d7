/**
 * Amazon S3 and what speaks its protocol: presigned URLs, signed requests, browser uploads.
 *
 * @module
 */
export { presignS3 } from './dialects/s3/presign.ts'
export type { PresignS3Options } from './dialects/s3/presign.ts'
export type { S3Address } from './dialects/s3/endpoint.ts'
export type { S3Credentials, S3Signer } from './dialects/s3/signing-context.ts'
export { hasS3Authentication, verifyS3 } from './dialects/s3/verify.ts'
export type { S3Authentication } from './dialects/s3/verify.ts'
export type { SignedQuery } from './dialects/s3/signed-query.ts'
export type {
  S3ChunkSignatures,
  S3Payload,
  S3StreamingKeyword,
  S3StreamingPayload,
} from './dialects/s3/payload.ts'
export type {
  S3VerificationKey,
  VerifiedS3HeaderRequest,
  VerifiedS3QueryRequest,
  VerifiedS3Request,
  VerifyS3Options,
} from './dialects/s3/verify-types.ts'
