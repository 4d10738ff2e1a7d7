/**
 * Amazon S3 and what speaks its protocol: presigned URLs, signed requests, browser uploads.
 *
 * @module
 */
export { presignS3 } from './dialects/s3/presign.ts'
export type { PresignS3Options } from './dialects/s3/presign-parts.ts'
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
export { decodeS3Credential } from './dialects/s3/decode-credential.ts'
export type { S3CredentialClaim } from './dialects/s3/decode-credential.ts'
export { signS3Headers } from './dialects/s3/sign-headers.ts'
export type { SignedS3Request, SignS3HeadersOptions } from './dialects/s3/sign-headers.ts'
export type { ChunkSigner } from './dialects/s3/chunk-signatures.ts'
export { createChunkedBodyDecoder, decodeChunkedBody } from './dialects/s3/chunked-body.ts'
export type { ChunkedBodyDecoder } from './dialects/s3/chunked-body.ts'
export type { S3Trailers } from './dialects/s3/chunk-trailers.ts'
export { createChunkedBodyEncoder } from './dialects/s3/chunked-body-encoder.ts'
export type { ChunkedBodyEncoder } from './dialects/s3/chunked-body-encoder.ts'
export { createS3PostPolicy } from './dialects/s3/post-policy.ts'
export type {
  CreateS3PostPolicyOptions,
  S3PostCondition,
  S3PostForm,
} from './dialects/s3/post-policy.ts'
export { checkContentLength, verifyS3PostPolicy } from './dialects/s3/verify-post-policy.ts'
export type {
  S3PostRequest,
  VerifiedS3Post,
  VerifyS3PostPolicyOptions,
} from './dialects/s3/verify-post-policy.ts'
export type { ContentLengthRange } from './dialects/s3/policy-document.ts'
