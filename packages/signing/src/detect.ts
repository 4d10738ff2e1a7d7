/**
 * The entry `@hallpass/signing/detect`: what a signed URL says of itself.
 *
 * @module
 */
export { detect } from './inspect/detect.ts'
export type { Detection } from './inspect/detect.ts'
export { DIALECT_NAMES } from './inspect/dialects.ts'
export type { DialectName } from './inspect/dialects.ts'
export type { ExplainableRequest } from './inspect/facts/observe-request.ts'
export type { DetectionIssue, ResourceScope, SignatureForm } from './inspect/facts/dialect-facts.ts'
