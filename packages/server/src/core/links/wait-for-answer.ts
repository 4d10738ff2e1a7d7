/** Waits for an answer of the same use to end, whatever process gives it. */
import type { CoreContext } from '../context.ts'
import { STANDSTILL_MS } from '../limits.ts'

const ASK_EVERY_MS = 100
/** One that stands still is cut after STANDSTILL_MS (cut-answers.ts); the rest is for a busy machine. */
const PATIENCE_MS = 2 * STANDSTILL_MS

/** Resolves to true once the answer has ended; to false if it goes on and moves, or nobody says. */
export async function waitForAnswer(
  { answers, catalog, clock }: CoreContext,
  linkId: string,
  answerId: string,
): Promise<boolean> {
  const sinceMs = clock.now()
  while (clock.now() - sinceMs < PATIENCE_MS) {
    await answers.sleep(ASK_EVERY_MS)
    const [standing] = await catalog.grants.findStandings([linkId])
    const current = standing?.reading?.answer ?? null
    if (current === null || current.id !== answerId) return true
    if (!current.isClaimed) return false
  }
  // Or nobody else could wait in its place.
  await catalog.grants.denyClaim(linkId, answerId)
  return false
}
