/** Looks again and again at the downloads on links that this process is giving. */
import type { CoreContext } from '../core/context.ts'
import { cutAnswers } from '../core/links/cut-answers.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Schedule } from './schedule.ts'

/** With what keys and revocations may be behind, a link that is revoked has given its last byte within a second. */
const EVERY_MS = 400

export function startCutting(core: CoreContext): Schedule {
  const run = (): Promise<void> => cutAnswers(core)
  return startSchedule({ firstAfterMs: EVERY_MS, everyMs: EVERY_MS, run }, systemTimers)
}
