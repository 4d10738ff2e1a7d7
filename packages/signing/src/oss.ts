/**
 * Signed URLs of Alibaba OSS, version 1: HMAC-SHA1 over method, headers, bucket, key and sub-resources.
 *
 * @module
 */
export type {
  OssCredentials,
  OssSignerOptions,
  OssVerifierOptions,
  VerifiedOss,
  VerifyOssOptions,
} from './dialects/oss/params.ts'
export { createOssSigner, presignOss } from './dialects/oss/presign.ts'
export type { OssRequest, OssSigner, PresignOssOptions } from './dialects/oss/presign.ts'
export { createOssVerifier, verifyOss } from './dialects/oss/verify.ts'
export type { OssVerifier } from './dialects/oss/verify.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
