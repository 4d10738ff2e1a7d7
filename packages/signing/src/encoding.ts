/**
 * The percent-encoding that signatures are made over, for those who build URLs themselves.
 *
 * @module
 */
export { percentEncode, percentEncodePath } from './lib/percent-encode.ts'
