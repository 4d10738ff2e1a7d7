/**
 * The entry `@hallpass/signing/explain`: why a signed request fails.
 *
 * @module
 */
export { explain, formatExplanation } from './tools/explain.ts'
export type { Cause, Explanation, ExplainableResponse, ExplainOptions } from './tools/explain.ts'
export type { ExplainableRequest } from './tools/detect/observe-request.ts'
export type { CauseCode } from './lib/causes.ts'
export type { ExplainKey } from './lib/dialect-facts.ts'
export { CAUSE_CODES } from './lib/causes.ts'
