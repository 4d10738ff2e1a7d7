/**
 * How often somebody may guess: so many wrong passwords a minute from one network, and as many for one share, whoever tries, at
 * whichever process. A guess counts until it was right, so that many at once are many.
 */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { networkOf } from '../addresses.ts'
import { MAX_WRONG_PASSWORDS } from '../limits.ts'
import { MINUTE_MS } from '../../platform/durations.ts'

export interface Guess {
  readonly shareId: string
  readonly address: string
}

/** A guess that is being looked at. */
export interface BegunGuess {
  /** It was the right one. */
  forgive(): Promise<void>
}

/** Before a password is looked at; throws `too-many-passwords`. */
export async function beginGuess(
  { catalog, clock }: Pick<CoreContext, 'catalog' | 'clock'>,
  guess: Guess,
): Promise<BegunGuess> {
  const who = namesOf(guess)
  const nowMs = clock.now()
  const bounds = { nowMs, windowMs: MINUTE_MS, most: MAX_WRONG_PASSWORDS }
  const waitsFor = await catalog.guesses.begin(who, bounds)
  if (waitsFor !== null) {
    const retryAfterSeconds = Math.ceil((waitsFor - nowMs) / 1000)
    throw refusal('too-many-passwords', { retryAfterSeconds })
  }
  return { forgive: () => catalog.guesses.forgive(who, nowMs) }
}

function namesOf({ shareId, address }: Guess): readonly string[] {
  return [`share:${shareId}`, `from:${networkOf(address)}`]
}
