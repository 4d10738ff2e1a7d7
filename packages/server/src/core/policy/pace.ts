/**
 * How fast somebody may ask: so many requests a second, and twice as many in one moment, of an address and of a key. Counted in
 * each process for itself, and forgotten with it: a brake for those who run wild, and no quota.
 */
import { refusal } from '../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'
import { networkOf } from '../addresses.ts'

export type Paced = 'address' | 'key'

/**
 * Throws `too-many-requests`. `count`: what is asked for stands for so many; it is let through where one would be, and the others are
 * waited for afterwards.
 */
export type RequirePace = (of: Paced, who: string, count?: number) => void

/** Requests a second; 0 for any number. */
export type PaceLimits = { readonly [Of in Paced]: number }

/** Who comes back after that many others was away for long. */
const MAX_KNOWN = 50_000
const BURST_SECONDS = 2

interface Budget {
  /** Requests that are left. */
  left: number
  atMs: number
}

export function createPace(limits: PaceLimits, clock: Clock): RequirePace {
  const known = {
    address: createRecentlyUsed<Budget>(MAX_KNOWN),
    key: createRecentlyUsed<Budget>(MAX_KNOWN),
  }

  // oxlint-disable-next-line max-params -- who asks, and how much
  return (of, who, count = 1) => {
    const perSecond = limits[of]
    if (perSecond === 0) return
    const name = of === 'address' ? networkOf(who) : who
    const atMs = clock.now()
    const most = perSecond * BURST_SECONDS
    const { left, atMs: since } = known[of].get(name) ?? { left: most, atMs }
    // A clock that was set back gives nothing.
    const grown = (Math.max(0, atMs - since) / 1000) * perSecond
    const now = Math.min(most, left + grown)
    const isAllowed = now >= 1
    known[of].set(name, { left: isAllowed ? now - count : now, atMs })
    if (isAllowed) return
    const retryAfterSeconds = Math.max(1, Math.ceil((1 - now) / perSecond))
    throw refusal('too-many-requests', { of, perSecond, retryAfterSeconds })
  }
}
