/**
 * The entry `@hallpass/signing/explain`: why a signed request fails.
 *
 * @module
 */
export { explain, formatExplanation } from './inspect/explain.ts'
export type {
  Cause,
  ExplainableResponse,
  ExplainKey,
  ExplainOptions,
  Explanation,
} from './inspect/explain.ts'
export type { ExplainableRequest } from './inspect/facts/observe-request.ts'
export type { CauseCode } from './inspect/causes.ts'
export { CAUSE_CODES } from './inspect/causes.ts'
export { isVerifiable } from './inspect/judges.ts'
export { canVerify, verifyDetected } from './inspect/verify/verify-detected.ts'
export type { VerifyContext } from './inspect/verify/verify-detected.ts'
