/**
 * The entry `@hallpass/signing/explain`: why a signed request fails.
 *
 * @module
 */
export { explain, formatExplanation } from './inspect/explain.ts'
export type { Cause, Explanation, ExplainableResponse, ExplainOptions } from './inspect/explain.ts'
export type { ExplainableRequest } from './inspect/facts/observe-request.ts'
export type { CauseCode } from './inspect/causes.ts'
export type { ExplainKey } from './inspect/facts/dialect-facts.ts'
export { CAUSE_CODES } from './inspect/causes.ts'
