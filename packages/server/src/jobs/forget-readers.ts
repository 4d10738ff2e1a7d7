/** Ends the downloads that a process left under way when it ended: whoever was reading may come back. */
import type { CoreContext } from '../core/context.ts'

/** `null` for every process there was. Never rejects. */
export async function forgetReaders(
  { catalog, clock, log }: Pick<CoreContext, 'catalog' | 'clock' | 'log'>,
  pid: number | null,
): Promise<void> {
  try {
    await catalog.grants.abandonReadings(pid === null ? null : String(pid), clock.now())
  } catch (error) {
    log.warn({ err: error, pid }, 'what was being read could not be cleared away')
  }
}
