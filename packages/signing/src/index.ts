/**
 * Everything, under one name each. Import a dialect's own entry (`@hallpass/signing/s3`) to ship only that dialect.
 *
 * @module
 */
export * from './errors.ts'
export type * from './types.ts'
export { percentEncode, percentEncodePath } from './lib/percent-encode.ts'
