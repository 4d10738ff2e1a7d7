/**
 * How often somebody may guess: so many wrong passwords a minute from one network, and as many for one share, whoever tries. Counted
 * in each process for itself, in bounded memory, so each of several looks at its part of them. A guess counts until it was right, so
 * that many at once are many.
 */
import { refusal } from '../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'
import { networkOf } from '../addresses.ts'
import { MAX_WRONG_PASSWORDS } from '../limits.ts'

export interface PasswordAttempts {
  /** Before a password is looked at; throws `too-many-passwords`. */
  begin(guess: Guess): void
  /** It was the right one. */
  forgive(guess: Guess): void
}

export interface Guess {
  readonly shareId: string
  readonly address: string
}

const MAX_KNOWN = 50_000
const WINDOW_MS = 60_000

/** `processes`: as many answer at one address. */
export function createPasswordAttempts(clock: Clock, processes = 1): PasswordAttempts {
  const most = Math.max(1, Math.floor(MAX_WRONG_PASSWORDS / processes))
  const known = createRecentlyUsed<readonly number[]>(MAX_KNOWN)

  function recent(who: string): readonly number[] {
    const now = clock.now()
    return (known.get(who) ?? []).filter((at) => at <= now && at > now - WINDOW_MS)
  }

  return {
    begin: (guess) => {
      for (const who of namesOf(guess)) {
        const guesses = recent(who)
        const [oldest = 0] = guesses
        if (guesses.length < most) continue
        const retryAfterSeconds = Math.ceil((oldest + WINDOW_MS - clock.now()) / 1000)
        throw refusal('too-many-passwords', { retryAfterSeconds })
      }
      for (const who of namesOf(guess)) known.set(who, [...recent(who), clock.now()])
    },
    forgive: (guess) => {
      for (const who of namesOf(guess)) known.set(who, recent(who).slice(0, -1))
    },
  }
}

function namesOf({ shareId, address }: Guess): readonly string[] {
  return [`share:${shareId}`, `from:${networkOf(address)}`]
}
