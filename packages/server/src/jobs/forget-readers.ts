/** Ends the downloads that a process left under way when it ended: whoever was reading may come back. */
import type { Beating } from './beat.ts'

/** `null` for every process there was. Never rejects. */
export async function forgetReaders(
  { catalog, clock, log }: Beating,
  processId: string | null,
): Promise<void> {
  try {
    await catalog.grants.abandonReadings(processId, clock.now())
  } catch (error) {
    log.warn({ err: error, processId }, 'what was being read could not be cleared away')
  }
}
