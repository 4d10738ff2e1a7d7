/**
 * What one explanation may still try. All of its trials draw from one budget, whichever key, dialect or hypothesis they
 * are for: so a hostile request with a long ring of keys costs no more than an honest one.
 *
 * @module
 */

/** Counts trials and the bytes they go through. */
export interface TrialBudget {
  /** Takes one trial over `bytes`, a fair measure of its work. `false`: it must not be made, and no other one after it. */
  readonly take: (bytes: number) => boolean
  /** The share that is left, from 1 down to 0. */
  readonly left: () => number
}

const MAX_TRIALS = 12_000
const MAX_BYTES = 8 * 1024 * 1024
/** Bytes hashed in the time of verifying one RSA signature of 2048 bits; the time grows with the square of its length. */
const RSA_BYTES = 4000
const RSA_LENGTH = 256

/** The budget of one explanation: all of it, or that share of it which so many trials are. */
export function createTrialBudget(maxTrials: number = MAX_TRIALS): TrialBudget {
  const most = Math.min(maxTrials, MAX_TRIALS)
  const mostBytes = MAX_BYTES * (most / MAX_TRIALS)
  let trials = most
  let bytesLeft = mostBytes
  return {
    take(bytes) {
      trials = bytes > bytesLeft ? 0 : trials - 1
      bytesLeft -= bytes
      return trials > 0
    },
    left: () => Math.max(0, Math.min(trials / most, bytesLeft / mostBytes)),
  }
}

/** `test`, each call of which costs `bytes`; once the budget is spent it answers no, unasked. */
export function withinBudget<View>(
  budget: TrialBudget,
  bytes: number,
  test: (view: View) => boolean,
): (view: View) => boolean {
  return (view) => budget.take(bytes) && test(view)
}

/** About the cost of verifying a signature of this many bytes with a public key. */
export function verificationCost(signature: Uint8Array): number {
  return RSA_BYTES * Math.max(1, (signature.length / RSA_LENGTH) ** 2)
}

/** Steps of matching a wildcard in the time of hashing one byte. */
const STEPS_A_BYTE = 4

/** About the cost of matching a text with a pattern that has wildcards, at the most. */
export function wildcardCost(pattern: string, text: string): number {
  return (pattern.length * text.length) / STEPS_A_BYTE
}
