/**
 * Verifies a request in whatever dialect it is signed, with the keys at hand.
 *
 * @module
 */
import type { DialectName } from '../dialects.ts'
import type { ExplainKey } from '../facts/dialect-facts.ts'
import { keysFor } from '../hypotheses/secret-variants.ts'
import { isVerifiable, JUDGES } from '../judges.ts'
import type { VerifyContext } from './verify-context.ts'

export type { VerifyContext } from './verify-context.ts'

/** Whether the keys given can settle what the dialect signs: nginx signs what its configuration says. */
export function canVerify(dialect: DialectName, keys: readonly ExplainKey[]): boolean {
  if (!isVerifiable(dialect)) return false
  if (JUDGES[dialect].isNameless === true) return keysFor(keys, dialect, null).length > 0
  if (dialect !== 'nginx') return keys.length > 0
  return keysFor(keys, 'nginx', null).some(({ expression }) => expression !== undefined)
}

/**
 * Returns if the signature is right and the request is what it allows; throws a `SigningError` otherwise.
 *
 * @throws {TypeError} for a dialect that is only recognised: see {@link isVerifiable}
 */
export function verifyDetected(context: VerifyContext): void {
  const { dialect, scheme } = context.detection
  if (!isVerifiable(dialect)) throw new TypeError(`a ${scheme} is recognised, and not checked here`)
  JUDGES[dialect].verify(context)
}
