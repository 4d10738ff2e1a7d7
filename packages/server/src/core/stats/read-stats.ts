/**
 * Figures of a place. Each is read up to a bound, however much is stored: past it a figure says that there is more. What could only be had by
 * looking at everything is not among them.
 */
import type { GrantRecord } from '../../catalog/records.ts'
import type { EventKind } from '../../catalog/event-steps.ts'
import type { CoreContext } from '../context.ts'
import { formatPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import { describeLink } from '../policy/link-state.ts'
import type { Permit } from '../policy/permit.ts'
import { countFiles } from './count-files.ts'
import type { CountedFiles } from './count-files.ts'
import { findPlaces } from './find-places.ts'
import type { Place } from './find-places.ts'

/** `isPartial`: there is more than was looked at. */
export interface Counted {
  readonly count: number
  readonly isPartial: boolean
}

export interface Stats extends CountedFiles {
  /** Buckets whose files were counted: those of this server's own. */
  readonly buckets: Counted
  readonly mounted: number
  readonly uploads: Counted
  readonly links: StateCounts
  readonly shares: StateCounts
  /** Waiting until they were looked at. */
  readonly held: Counted
  readonly alerts: Counted
  readonly events: EventCounts
}

export interface StateCounts {
  /** Paused ones are counted apart. */
  readonly active: number
  readonly paused: number
  /** Of the living, active and paused ones. */
  readonly isPartial: boolean
  /** Of the newest, whatever became of them. */
  readonly ended: number
  readonly isEndedPartial: boolean
}

export interface EventCounts {
  readonly since: number
  readonly kinds: readonly { readonly kind: EventKind; readonly count: number }[]
  /** Why requests were refused, or broke off. */
  readonly codes: readonly { readonly code: string; readonly count: number }[]
  readonly isPartial: boolean
}

/** So many of each are looked at. */
const PAGE = 1000
const MAX_PAGES = 5
const DAY_MS = 86_400_000

export async function readStats(core: CoreContext, { path }: Permit<'admin'>): Promise<Stats> {
  const { places, ...buckets } = await findPlaces(core, path)
  const { isPartial: isCut } = buckets.buckets
  const { links, shares } = await countLinks(core, prefixOf(path))
  return {
    ...buckets,
    ...(await countFiles(core, places, { isCut })),
    uploads: await countUploads(core, places, isCut),
    links,
    shares,
    held: await countHeld(core, path),
    alerts: await countAlerts(core, prefixOf(path)),
    events: await countEvents(core, prefixOf(path)),
  }
}

function prefixOf(path: ObjectPath): string {
  return path.bucket === '' ? '' : formatPath(path)
}

async function countUploads(
  { files }: CoreContext,
  places: readonly Place[],
  isCut: boolean,
): Promise<Counted> {
  let count = 0
  for (const { bucket, prefix } of places) {
    if (count >= PAGE) return { count, isPartial: true }
    const query = { bucket, prefix, delimiter: '', after: '', afterUploadId: '' }
    const page = await files.uploads.list({ ...query, limit: PAGE - count })
    count += page.entries.length
    if (page.nextAfter !== null) return { count, isPartial: true }
  }
  return { count, isPartial: isCut }
}

/** Those that live are a list of their own; those that ended are looked for among the newest. */
async function countLinks(
  { catalog, clock, keyRing }: CoreContext,
  pathPrefix: string,
): Promise<Pick<Stats, 'links' | 'shares'>> {
  const nowMs = clock.now()
  const keys = await keyRing.current()
  const asked = { pathPrefix, before: null, limit: PAGE, createdBy: null, nowMs }
  const living = await catalog.grants.list({ ...asked, status: 'active' })
  const newest = await catalog.grants.list({ ...asked, status: null })
  const isActive = (grant: GrantRecord): boolean =>
    describeLink(grant, keys, nowMs).status === 'active'
  const countOf = (isWanted: (grant: GrantRecord) => boolean): StateCounts => {
    const alive = living.filter((grant) => isWanted(grant) && isActive(grant))
    const paused = alive.filter(({ pausedAt }) => pausedAt !== null).length
    return {
      active: alive.length - paused,
      paused,
      isPartial: living.length === PAGE,
      ended: newest.filter((grant) => isWanted(grant) && !isActive(grant)).length,
      isEndedPartial: newest.length === PAGE,
    }
  }
  return {
    links: countOf(({ share }) => share === null),
    shares: countOf(({ share }) => share !== null),
  }
}

async function countHeld({ catalog }: CoreContext, path: ObjectPath): Promise<Counted> {
  const within = path.bucket === '' ? null : path
  const query = { holder: null, within, state: 'waiting', before: null, limit: PAGE } as const
  return countedOf(await catalog.held.list(query))
}

async function countAlerts({ catalog }: CoreContext, pathPrefix: string): Promise<Counted> {
  return countedOf(
    await catalog.alerts.list({ isOpen: true, pathPrefix, before: null, limit: PAGE }),
  )
}

function countedOf({ length }: readonly unknown[]): Counted {
  return { count: length, isPartial: length === PAGE }
}

async function countEvents(
  { catalog, clock }: CoreContext,
  pathPrefix: string,
): Promise<EventCounts> {
  const since = clock.now() - DAY_MS
  const kinds = new Map<EventKind, number>()
  const codes = new Map<string, number>()
  let before: number | null = null
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const nobody = { linkId: null, path: null, keyId: null, code: null, kind: null }
    const query = { ...nobody, pathPrefix, sinceMs: since, before, limit: PAGE }
    const { events, nextBefore } = await catalog.events.list(query)
    for (const { event } of events) {
      kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + event.count)
      if (event.code !== null) codes.set(event.code, (codes.get(event.code) ?? 0) + event.count)
    }
    before = nextBefore
    if (before === null) break
  }
  const byCount = (a: { count: number }, b: { count: number }): number => b.count - a.count
  return {
    since,
    kinds: [...kinds].map(([kind, count]) => ({ kind, count })).toSorted(byCount),
    codes: [...codes].map(([code, count]) => ({ code, count })).toSorted(byCount),
    isPartial: before !== null,
  }
}
