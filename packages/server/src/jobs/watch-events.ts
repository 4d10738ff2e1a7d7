/**
 * Watches what happens, over the events of all processes in their one order, and raises alerts. How far it came is written with the
 * alerts, so that a crash neither loses nor doubles one; what the rules remember is read again from the last events.
 */
import type { AlertDraft } from '../catalog/alert-steps.ts'
import type { PlacedEvent } from '../catalog/event-steps.ts'
import type { CoreContext } from '../core/context.ts'
import { describeAutomatic } from '../core/links/links.ts'
import type { Finding } from '../core/watch/finding.ts'
import { createWatchResolver, isWatchRule } from '../core/watch/thresholds.ts'
import type { EffectiveWatch } from '../core/watch/thresholds.ts'
import type { Watcher } from '../core/watch/watcher.ts'
import { createOrderedId } from '../platform/ids.ts'
import type { Follower } from './follow-events.ts'
import { NEW_ALERT, tellRaised } from './raise-alerts.ts'
import type { Raising } from './raise-alerts.ts'

export interface WatchEventsOptions extends Raising {
  readonly core: CoreContext
  /** One that has seen nothing. */
  readonly createWatcher: () => Watcher
}

const EVERY_MS = 1000
const CHUNK = 1000
/** Positions that are read again at a start. */
const REMEMBERED = 100_000

export function createWatchFollower(options: WatchEventsOptions): Follower {
  const { core } = options
  let warm: Warm | null = null

  return {
    name: 'watch',
    everyMs: EVERY_MS,
    async run(signal) {
      const resolve = await readSettings(core)
      let current = warm
      // What it saw and could not tell is to be seen again, and nothing twice: after a failure another begins.
      warm = null
      while (!signal.aborted) {
        const { from, events } = await core.catalog.alerts.unwatched(CHUNK)
        // Another process may have gone on meanwhile, with what this one has not seen.
        if (current?.cameTo !== from) {
          current = {
            watcher: await createWarm(options, { resolve, upTo: from, signal }),
            cameTo: from,
          }
        }
        if (!(await watch(options, { ...current, resolve, events }))) return
        current = { ...current, cameTo: events.at(-1)?.position ?? from }
        if (events.length < CHUNK) break
      }
      if (!signal.aborted) warm = current
    },
    settled: () => Promise.resolve(),
  }
}

interface Warm {
  readonly watcher: Watcher
  /** The position of the last event that it has seen and told of. */
  readonly cameTo: number
}

interface Warming {
  readonly resolve: Resolve
  readonly upTo: number
  readonly signal: AbortSignal
}

type Resolve = (path: string) => EffectiveWatch

async function readSettings({ catalog }: CoreContext): Promise<Resolve> {
  const settings = await catalog.alerts.settings()
  return createWatchResolver(
    settings.map(({ path, thresholds, pause }) => ({
      path,
      thresholds,
      pause: pause.filter(isWatchRule),
    })),
  )
}

/** One that knows the last events; what it finds in them was told before. */
async function createWarm(
  { core, createWatcher }: WatchEventsOptions,
  { resolve, upTo: end, signal }: Warming,
): Promise<Watcher> {
  const watcher = createWatcher()
  let after = Math.max(0, end - REMEMBERED)
  while (after < end && !signal.aborted) {
    const found = await core.catalog.events.after(after, CHUNK)
    for (const { event, position } of found) {
      if (position <= end) watcher.look(event, resolve(event.path))
    }
    after = found.at(-1)?.position ?? end
  }
  return watcher
}

interface Watched extends Warm {
  readonly resolve: Resolve
  readonly events: readonly PlacedEvent[]
}

/** False if another process has gone on meanwhile. */
async function watch(
  { core, metrics }: WatchEventsOptions,
  { watcher, cameTo: from, resolve, events }: Watched,
): Promise<boolean> {
  const upTo = events.at(-1)?.position
  if (upTo === undefined) return true
  const findings = events.flatMap(({ event }) => watcher.look(event, resolve(event.path)))
  const drafts = await Promise.all(
    findings.map((finding) => draftAlert(core, finding, resolve(finding.path))),
  )
  const raised = await core.catalog.alerts.raiseWatched(drafts, { from, upTo })
  tellRaised({ core, metrics }, raised ?? [])
  return raised !== null
}

async function draftAlert(
  core: CoreContext,
  { at, ...finding }: Finding,
  { pause }: EffectiveWatch,
): Promise<AlertDraft> {
  const { linkId, rule } = finding
  const alert = {
    ...NEW_ALERT,
    ...finding,
    id: createOrderedId(core.clock, core.random, 'alert_'),
    raisedAt: core.clock.now(),
    lastAt: at,
  }
  if (linkId === null || !pause.includes(rule)) return { alert, pause: null }
  return { alert, pause: { linkId, stub: await describeAutomatic(core, linkId) } }
}
