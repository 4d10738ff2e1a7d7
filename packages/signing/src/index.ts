/**
 * Everything, under one name each. Import a dialect's own entry (`@hallpass/signing/s3`) to ship only that dialect.
 *
 * @module
 */
export * from './errors.ts'
export type * from './types.ts'
export * from './encoding.ts'
export * from './request.ts'

// Dialects.
export * from './akamai.ts'
export * from './azure.ts'
export * from './bunny.ts'
export * from './cloud-cdn.ts'
export * from './cloudflare.ts'
export * from './cloudfront.ts'
export * from './cos.ts'
export * from './edgio.ts'
export * from './gcs.ts'
export * from './http-signatures.ts'
export * from './imgix.ts'
export * from './laravel.ts'
export * from './media-cdn.ts'
export * from './nginx.ts'
export * from './oss.ts'
export * from './s3.ts'
export * from './swift.ts'

// Tools across dialects. Those that need a logger or a stream of Node have entries of their own.
export * from './audit.ts'
export * from './detect.ts'
export * from './explain.ts'
export * from './redact.ts'
