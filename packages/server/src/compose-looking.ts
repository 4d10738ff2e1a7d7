/** What a process does again and again beside its requests: what it counted is written, and it looks at downloads, damage and moves. */
import type { Catalog } from './catalog/catalog.ts'
import type { CoreContext } from './core/context.ts'
import { startCutting } from './jobs/cut-downloads.ts'
import { startFollowingDamage } from './jobs/follow-damage.ts'
import type { FollowDamageOptions } from './jobs/follow-damage.ts'
import { startWatchingMove } from './jobs/watch-move.ts'
import { startCounting } from './jobs/write-counted.ts'
import { movedTo } from './keep/copy/marks.ts'

export interface LookingOptions extends FollowDamageOptions {
  readonly core: CoreContext
  readonly processes: Pick<Catalog['processes'], 'standing'>
  readonly onMoved: () => void
}

export interface Looking {
  /** Resolves, with what to say, if the catalog is moved elsewhere. */
  readonly moved: Promise<string>
  stop(): Promise<void>
}

/** Resolves once what is damaged is known. */
export async function startLooking(options: LookingOptions): Promise<Looking> {
  const { promise: moved, resolve } = Promise.withResolvers<string>()
  const schedules = [
    await startFollowingDamage(options),
    startCounting(options.core),
    startCutting(options.core),
    startWatchingMove(options.processes, (name) => {
      options.onMoved()
      resolve(movedTo(name))
    }),
  ]
  return {
    moved,
    stop: async () => {
      await Promise.all(schedules.map((schedule) => schedule.stop()))
    },
  }
}
