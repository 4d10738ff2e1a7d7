/**
 * What can be said of an Azure CDN from Edgio token: the service is closed, and the token encrypted.
 *
 * @module
 */
import type { DialectExplanation } from '../../facts/dialect-facts.ts'

/** Always the same: nothing answers to these tokens any more. */
export function explainEdgio(): DialectExplanation {
  return { findings: [{ code: 'service-closed', confidence: 0.95 }], signature: 'unchecked' }
}
