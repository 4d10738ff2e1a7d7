/** The answers of this process to downloads on links, while they go out. Who cuts them and why: cut-answers.ts. */
import type { Clock } from '../../platform/clock.ts'
import { createId } from '../../platform/ids.ts'
import type { Random } from '../../platform/random.ts'
import type { Permit } from '../policy/permit.ts'

/** For whoever gives the answer. */
export interface LinkAnswer {
  /** The process that gives it, a dot, and what tells it from its others. */
  readonly id: string
  /** How to end it at once, so that nobody takes it for whole. */
  onCut(cut: () => void): void
  /** Some of it was taken. */
  move(): void
  end(): void
}

/** For whoever watches it. */
export interface AnswerUnderWay {
  readonly id: string
  readonly permit: Permit<'read'>
  /** The last epoch of keys, revocations and folders in which the link was known to stand. */
  epoch: number
  /** When some of it was taken last. */
  movedAt: number
  /** Since when somebody has been waiting for its end; `null` for nobody. */
  claimedSince: number | null
  /** `null` before there is anything to cut, and once it is. */
  cut: (() => void) | null
}

export interface LinkAnswers {
  begin(permit: Permit<'read'>): LinkAnswer
  underWay(): readonly AnswerUnderWay[]
  /** Between two looks at an answer of another process. */
  sleep(ms: number): Promise<void>
}

export interface LinkAnswersOptions {
  readonly clock: Clock
  readonly random: Random
  /** Letters and digits. No other process over the same data has the same at the same time. */
  readonly processId: string
  readonly sleep: (ms: number) => Promise<void>
}

export function createLinkAnswers(options: LinkAnswersOptions): LinkAnswers {
  const { clock, random, processId, sleep } = options
  const all = new Set<AnswerUnderWay>()
  // Of a process that had the same id before, something may have been left.
  const prefix = createId(random, `${processId}.`)
  let count = 0
  return {
    begin(permit) {
      count += 1
      const id = `${prefix}${count}`
      const movedAt = clock.now()
      const answer: AnswerUnderWay = {
        id,
        permit,
        epoch: permit.epoch,
        movedAt,
        claimedSince: null,
        cut: null,
      }
      all.add(answer)
      return {
        id,
        onCut: (cut) => {
          answer.cut = cut
        },
        move: () => {
          answer.movedAt = clock.now()
        },
        end: () => {
          all.delete(answer)
        },
      }
    },
    underWay: () => [...all],
    sleep,
  }
}
