/**
 * Verifies what is being explained with the keys at hand: Swift.
 *
 * @module
 */
import { verifySwift } from '../../../dialects/swift/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { secretsFor } from '../../verify/verify-context.ts'

export const verifyAsSwift: Verifier = (context) => {
  verifySwift(context.request, { now: context.now, lookup: () => secretsFor(context, null) })
}
