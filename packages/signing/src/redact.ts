/**
 * The entry `@hallpass/signing/redact`: signatures and tokens out of any text.
 *
 * @module
 */
export { REDACTED, createRedactor, redact } from './tools/redact.ts'
export type { Redactor } from './tools/redact.ts'
