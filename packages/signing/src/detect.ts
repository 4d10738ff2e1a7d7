/**
 * The entry `@hallpass/signing/detect`: what a signed URL says of itself.
 *
 * @module
 */
export { detect } from './tools/detect.ts'
export type { ExplainableRequest } from './tools/detect/observe-request.ts'
export type {
  Detection,
  DetectionIssue,
  DialectName,
  ResourceScope,
  SignatureForm,
} from './lib/dialect-facts.ts'
