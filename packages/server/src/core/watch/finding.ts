/** What a rule found: that something looks wrong, and about whom it says so. */
import type { WatchRule } from './thresholds.ts'

export interface Finding {
  readonly rule: WatchRule
  /** Whom the alert is about: the id of a link or a key, or an address. */
  readonly subject: string
  /** `bucket/key` of what was asked for last; `''` without a place. */
  readonly path: string
  readonly linkId: string | null
  readonly keyId: string | null
  /** When it was noticed, in milliseconds. */
  readonly at: number
  /** About how many: networks, addresses, requests or bytes, by the rule. */
  readonly measured: number
  readonly threshold: number
}
