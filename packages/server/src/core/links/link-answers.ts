/**
 * The answers of this process to downloads on links that have a record, while they go out: each is cut when its link is revoked, and
 * when it has stood still and the client that began it asks again.
 */
import type { GrantCatalog } from '../../catalog/catalog.ts'
import type { Clock } from '../../platform/clock.ts'
import { createId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { Random } from '../../platform/random.ts'
import { STANDSTILL_MS } from '../limits.ts'

export interface LinkAnswer {
  /** Says the process, too. */
  readonly id: string
  /** How to end it at once, so that nobody takes it for whole. */
  onCut(cut: () => void): void
  /** Some of it was taken. */
  move(): void
  end(): void
}

export interface LinkAnswers {
  begin(linkId: string): LinkAnswer
  /** Cuts what has to be. To be called several times a second. */
  watch(): Promise<void>
  /** Resolves once the answer, whatever process gives it, has ended; false if it goes on and moves. */
  waitFor(linkId: string, answerId: string): Promise<boolean>
}

export interface LinkAnswersOptions {
  readonly grants: Pick<GrantCatalog, 'find' | 'denyClaim'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Letters and digits. Nobody else has the same. */
  readonly processId: string
  readonly sleep: (ms: number) => Promise<void>
}

const ASK_EVERY_MS = 100
/** An answer that stands still is cut after STANDSTILL_MS; the rest is for a busy machine. */
const MAX_ASKED = (2 * STANDSTILL_MS) / ASK_EVERY_MS

interface Entry {
  readonly linkId: string
  readonly id: string
  movedAt: number
  claimSeenAt: number | null
  cut: (() => void) | null
}

export function createLinkAnswers(options: LinkAnswersOptions): LinkAnswers {
  const { grants, clock, random, log, processId, sleep } = options
  const underWay = new Set<Entry>()

  function begin(linkId: string): LinkAnswer {
    const id = createId(random, `${processId}.`, ANSWER_LETTERS)
    const entry: Entry = { linkId, id, movedAt: clock.now(), claimSeenAt: null, cut: null }
    underWay.add(entry)
    return {
      id,
      onCut: (cut) => {
        entry.cut = cut
      },
      move: () => {
        entry.movedAt = clock.now()
      },
      end: () => {
        underWay.delete(entry)
      },
    }
  }

  function cut(entry: Entry, reason: 'revoked' | 'superseded'): void {
    if (entry.cut === null) return
    log.info({ link: entry.linkId, reason }, 'download cut')
    entry.cut()
    entry.cut = null
  }

  async function look(entry: Entry): Promise<void> {
    const grant = await grants.find(entry.linkId)
    if (grant === null || grant.revokedAt !== null) {
      cut(entry, 'revoked')
      return
    }
    const answer = grant.reading?.answer ?? null
    if (answer === null || answer.id !== entry.id || !answer.isClaimed) {
      entry.claimSeenAt = null
      return
    }
    const nowMs = clock.now()
    entry.claimSeenAt ??= nowMs
    if (nowMs - entry.movedAt >= STANDSTILL_MS) cut(entry, 'superseded')
    else if (entry.movedAt > entry.claimSeenAt) await grants.denyClaim(entry.linkId, entry.id)
  }

  return {
    begin,
    async watch() {
      try {
        for (const entry of underWay) await look(entry)
      } catch (error) {
        log.warn({ err: error }, 'downloads under way could not be looked at')
      }
    },
    async waitFor(linkId, answerId) {
      for (let asked = 0; asked < MAX_ASKED; asked += 1) {
        await sleep(ASK_EVERY_MS)
        const answer = (await grants.find(linkId))?.reading?.answer ?? null
        if (answer === null || answer.id !== answerId) return true
        if (!answer.isClaimed) return false
      }
      return false
    },
  }
}

/** Enough to tell those of one process apart. */
const ANSWER_LETTERS = 8
