/**
 * The entry `@hallpass/signing/detect`: what a signed URL says of itself.
 *
 * @module
 */
export { detect } from './inspect/detect.ts'
export type { ExplainableRequest } from './inspect/facts/observe-request.ts'
export type {
  Detection,
  DetectionIssue,
  DialectName,
  ResourceScope,
  SignatureForm,
} from './inspect/facts/dialect-facts.ts'
