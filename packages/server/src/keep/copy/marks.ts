/**
 * What two catalogs know of a copy from one to the other, among their leases. The one that is filled says so, and no server begins on
 * it until that is over; the one that was moved from says where to, and every server over it stops.
 */
import type { Catalog } from '../../catalog/catalog.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { FILLING, MOVED } from '../../catalog/process-steps.ts'
import { ConfigError } from '../../config.ts'
import type { Log } from '../../platform/log.ts'

const ASK_EVERY_MS = 100

/** Resolves once nobody fills the catalog. Throws a `ConfigError` if it was moved. */
export async function waitUntilOurs(
  processes: Pick<Catalog['processes'], 'standing'>,
  log: Pick<Log, 'info'>,
): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const moved = await processes.standing(MOVED)
    if (moved !== null) throw new ConfigError([movedTo(moved.holder)])
    const filling = await processes.standing(FILLING)
    if (filling === null) return
    if (!isTold) log.info({ from: filling.holder }, 'waiting until hallpass copy has switched over')
    await sleep(ASK_EVERY_MS)
  }
}

export function movedTo(name: string): string {
  return `The catalog was moved to ${name} by hallpass copy, and takes no more writes. Start the server with the settings of the new place.`
}
