/**
 * Looks at files that wait, a few at a time, in the process that runs the jobs. Whoever takes one has it for a while and says so as long as
 * they are at it: after a crash it is somebody else's, or one's own again after the start.
 */
import type { HeldRecord } from '../catalog/held-steps.ts'
import type { Quota } from '../catalog/records.ts'
import type { ScannerName } from '../policy-lines/policy-lines.ts'
import type { CoreContext } from '../core/context.ts'
import { resolveFolder } from '../core/policy/resolve-folder.ts'
import { HELD_LEASE_MS } from '../core/limits.ts'
import { judge } from '../core/quarantine/judge.ts'
import type { Lookers } from '../core/quarantine/judge.ts'
import { admitHeld, rejectHeld } from '../core/quarantine/settle.ts'
import type { Verdict } from '../core/quarantine/verdict.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../platform/durations.ts'
import type { CountedVerdict, Metrics } from '../platform/metrics.ts'
import type { Follower } from './follow-events.ts'

export interface JudgeHeldOptions {
  readonly core: CoreContext
  readonly lookers: Lookers
  readonly metrics: Pick<Metrics, 'countVerdict' | 'showWaiting'>
}

const EVERY_MS = 250
const AT_ONCE = 4
const TALLY_EVERY_MS: number = 5 * SECOND_MS
/** A scanner that stays away is spoken of again after so long. */
const LOST_AGAIN_MS: number = 10 * MINUTE_MS
const LONGEST_WAIT_MS = MINUTE_MS

export function createHeldJudge(options: JudgeHeldOptions): Follower {
  const { core, metrics } = options
  const busy = new Map<string, Promise<void>>()
  const look = createLooking(options)
  let talliedAt = Number.NEGATIVE_INFINITY
  let isFirst = true

  async function tally(): Promise<void> {
    const now = core.clock.now()
    if (now - talliedAt < TALLY_EVERY_MS) return
    talliedAt = now
    const { waiting, oldestAt } = await core.catalog.held.tally()
    metrics.showWaiting(waiting, oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1000)
  }

  return {
    name: 'quarantine',
    everyMs: EVERY_MS,
    async run(signal) {
      // One process at a time runs this: what was taken before it began is nobody's.
      if (isFirst) await core.catalog.held.giveBack(core.clock.now())
      isFirst = false
      await tally()
      while (busy.size < AT_ONCE && !signal.aborted) {
        const now = core.clock.now()
        const taken = await core.catalog.held.take(now, now + HELD_LEASE_MS, AT_ONCE - busy.size)
        if (taken.length === 0) return
        for (const held of taken) {
          const looking = look(held, signal)
            .catch((error: unknown) => core.log.warn({ err: error }, 'a file waits unlooked-at'))
            .finally(() => busy.delete(held.heldId))
          busy.set(held.heldId, looking)
        }
        // Whoever is through makes room for the next ones.
        await Promise.race(busy.values())
      }
    },
    settled: async () => {
      await Promise.all(busy.values())
    },
  }
}

type Looking = (held: HeldRecord, signal: AbortSignal) => Promise<void>

/** Breaking off is no attempt: whoever goes on looks at it again. */
function createLooking({ core, lookers, metrics }: JudgeHeldOptions): Looking {
  const tellLost = createLostTeller(core)

  async function settle(
    held: HeldRecord,
    quotas: readonly Quota[],
    verdict: Verdict,
  ): Promise<CountedVerdict> {
    if (verdict.kind === 'reject') return rejectHeld(core, held, verdict)
    if (verdict.kind === 'admit') {
      for (const name of verdict.unseen) tellLost(name)
      return admitHeld(core, held, quotas)
    }
    if (verdict.lost !== null) tellLost(verdict.lost)
    return postpone(core, held, { passed: verdict.passed, failed: verdict.lost !== null })
  }

  return async (held, signal) => {
    try {
      const { policy, quotas } = await resolveFolder(core, held.bucket, held.key)
      const verdict = await judge(core, lookers, { held, policy }, signal)
      metrics.countVerdict(await settle(held, quotas, verdict))
    } catch (error) {
      if (signal.aborted) return
      core.log.warn({ err: error, held: held.heldId }, 'a file could not be looked at')
      metrics.countVerdict(await postpone(core, held, { passed: held.passed, failed: true }))
    }
  }
}

async function postpone(
  { catalog, clock }: CoreContext,
  { heldId, attempts }: HeldRecord,
  { passed, failed }: { readonly passed: readonly string[]; readonly failed: boolean },
): Promise<'postponed'> {
  const longer = SECOND_MS * 2 ** Math.min(attempts, 10)
  const wait = failed ? Math.min(longer, LONGEST_WAIT_MS) : HOUR_MS
  await catalog.held.postpone(heldId, { passed, nextAt: clock.now() + wait, failed })
  return 'postponed'
}

/** Notes that a scanner does not answer, once in a while, for whoever watches. */
function createLostTeller({ events, clock }: CoreContext): (name: ScannerName) => void {
  const toldAt = new Map<ScannerName, number>()
  return (name) => {
    const now = clock.now()
    if (now - (toldAt.get(name) ?? Number.NEGATIVE_INFINITY) < LOST_AGAIN_MS) return
    toldAt.set(name, now)
    events.note({ ...NOBODY, kind: 'scanner.lost', target: name })
  }
}

const NOBODY = {
  code: null,
  linkId: null,
  keyId: null,
  path: '',
  address: null,
  agent: null,
  referrer: null,
  bytes: 0,
} as const
