/**
 * Amazon S3 and what speaks its protocol: presigned URLs, signed requests, browser uploads.
 *
 * @module
 */
export { presignS3 } from './dialects/s3/presign.ts'
export type { PresignS3Options, S3PresignRequest } from './dialects/s3/presign-parts.ts'
export type { S3NamedOptions } from './dialects/s3/named-options.ts'
export { responseContentDisposition } from './lib/content-disposition.ts'
export type { DownloadOptions } from './lib/content-disposition.ts'
export type { S3Object, S3Service } from './dialects/s3/endpoint.ts'
export type { S3Credentials } from './dialects/s3/credentials.ts'
export type { S3SignerOptions } from './dialects/s3/signer-state.ts'
export type { S3AsyncSignerOptions } from './dialects/s3/signer-source.ts'
export {
  createS3AsyncSigner,
  createS3PostPolicyAsync,
  createS3Signer,
  presignS3Async,
  signS3HeadersAsync,
} from './dialects/s3/signer.ts'
export type { PresignS3AsyncOptions, S3AsyncSigner, S3Signer } from './dialects/s3/signer.ts'
export { createS3Verifier, hasS3Authentication, verifyS3 } from './dialects/s3/verify.ts'
export type { S3Authentication, S3Verifier } from './dialects/s3/verify.ts'
export {
  createS3AsyncPostVerifier,
  createS3AsyncVerifier,
  verifyS3Async,
  verifyS3PostPolicyAsync,
} from './dialects/s3/verify-async.ts'
export type {
  S3AsyncPostVerifier,
  S3AsyncPostVerifierOptions,
  S3AsyncVerifier,
} from './dialects/s3/verify-async.ts'
export type { NameRule } from './lib/name-rule.ts'
export type { SignedQuery } from './dialects/s3/signed-query.ts'
export type {
  S3ChunkSignatures,
  S3Payload,
  S3StreamingKeyword,
  S3StreamingPayload,
} from './dialects/s3/payload.ts'
export type {
  S3AsyncVerifierOptions,
  S3VerificationKey,
  S3VerifierOptions,
  VerifiedS3HeaderRequest,
  VerifiedS3QueryRequest,
  VerifiedS3Request,
  VerifyS3AsyncOptions,
  VerifyS3Options,
} from './dialects/s3/verify-types.ts'
export { decodeS3Credential } from './dialects/s3/decode-credential.ts'
export type { S3CredentialClaim } from './dialects/s3/decode-credential.ts'
export { signS3Headers } from './dialects/s3/sign-headers.ts'
export type {
  S3HeaderRequest,
  SignedS3Request,
  SignS3HeadersOptions,
} from './dialects/s3/sign-headers.ts'
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
  S3PostPolicyRequest,
} from './dialects/s3/post-policy.ts'
export { createS3PostVerifier, verifyS3PostPolicy } from './dialects/s3/verify-post-policy.ts'
export { checkContentLength } from './lib/v4-policy.ts'
export type {
  S3PostRequest,
  S3PostTarget,
  S3PostVerifier,
  S3PostVerifierOptions,
  VerifiedS3Post,
  VerifyS3PostPolicyOptions,
} from './dialects/s3/verify-post-policy.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
export type { ContentLengthRange } from './lib/v4-policy.ts'
