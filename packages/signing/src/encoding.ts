/**
 * The text forms that signatures are made over, for those who build URLs themselves.
 *
 * @module
 */
export { percentEncode, percentEncodePath } from './lib/percent-encode.ts'
export { responseContentDisposition } from './lib/content-disposition.ts'
export type { DownloadOptions } from './lib/content-disposition.ts'
