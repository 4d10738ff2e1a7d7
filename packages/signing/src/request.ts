/**
 * The entry `@hallpass/signing/request`: what verifiers take, out of what runtimes and frameworks hand over.
 *
 * @module
 */
export { toRawRequest } from './lib/to-raw-request.ts'
export type { HeadersLike, RequestFacts, RequestLike } from './lib/to-raw-request.ts'
export type { RawHeaders, RawRequest } from './types.ts'
