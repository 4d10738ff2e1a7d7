/**
 * Amazon S3 and what speaks its protocol: presigned URLs, signed requests, browser uploads.
 *
 * @module
 */
export { presignS3 } from './dialects/s3/presign.ts'
export type { PresignS3Options } from './dialects/s3/presign.ts'
export type { S3Address } from './dialects/s3/endpoint.ts'
export type { S3Credentials, S3Signer } from './dialects/s3/signing-context.ts'
