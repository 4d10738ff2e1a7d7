/**
 * The entry `@hallpass/signing/redact`: signatures and tokens out of any text.
 *
 * @module
 */
export { REDACTED, createRedactor, redact } from './redact/redact.ts'
export type { Redactor } from './redact/redact.ts'
