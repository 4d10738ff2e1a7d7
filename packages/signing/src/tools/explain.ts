/**
 * Says why a signed request fails: causes, likeliest first, each with what to change.
 *
 * @module
 */
import type { CauseCode } from '../lib/causes.ts'
import type { DialectName, ExplainKey } from '../lib/dialect-facts.ts'

/** One reason, with its sentences filled in. Holds no secret, no expected signature and no usable URL. */
export interface Cause {
  /** Stable; its paragraph is in docs/explain.md. */
  readonly code: CauseCode
  /** From 0 to 1. */
  readonly confidence: number
  readonly what: string
  readonly fix: string
  readonly evidence?: string
}

export interface Explanation {
  /** `null`: no signature of a known dialect was found. */
  readonly dialect: DialectName | null
  /** `valid`: with one of the keys given, the signature fits the request as it stands. */
  readonly signature: 'valid' | 'invalid' | 'unchecked'
  /** Likeliest first; never empty. */
  readonly causes: readonly Cause[]
}

/** The provider's answer, as far as it is known. */
export interface ExplainableResponse {
  readonly status?: number
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

export interface ExplainOptions {
  readonly keys?: readonly ExplainKey[]
  readonly response?: ExplainableResponse
  /** The time of the request; the clock's by default. */
  readonly now?: Date
}
