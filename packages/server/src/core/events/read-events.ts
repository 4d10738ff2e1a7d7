/** Looks at what happened: for administrators of a place, what happened there. */
import type { EventPage, ListEventsQuery, PlacedEvent } from '../../catalog/event-steps.ts'
import { matchesEvent } from '../../catalog/decisions/match-event.ts'
import type { EventFilter } from '../../catalog/decisions/match-event.ts'
import type { CoreContext } from '../context.ts'
import { formatPath } from '../paths.ts'
import { authorize } from '../policy/authorize.ts'
import type { Permit } from '../policy/permit.ts'

export type EventWish = Omit<EventFilter, 'path' | 'pathPrefix'>
export type EventPageWish = EventWish & Pick<ListEventsQuery, 'before' | 'limit'>

/** Newest first. A permit for a file asks for that file, one for a folder for everything below. */
export function listEvents(
  core: CoreContext,
  permit: Permit<'admin'>,
  wish: EventPageWish,
): Promise<EventPage> {
  return core.catalog.events.list({ ...wish, ...placeOf(permit) })
}

export interface FollowOptions {
  readonly wish: EventWish
  /** Where to begin: behind this position. */
  readonly after: number
  /** Where to end; `null` to go on with what happens until `signal` aborts. */
  readonly last: number | null
  readonly signal: AbortSignal
  /** Waits before looking again. */
  readonly pause: () => Promise<void>
}

/** What was found, and behind which position to go on. */
export interface Followed {
  readonly events: readonly PlacedEvent[]
  readonly after: number
}

const CHUNK = 500

/**
 * Oldest first, in pieces; an empty one says that time has passed. The rights are looked at again before each look: whoever
 * loses them sees no more. Throws what authorising throws.
 */
export async function* followEvents(
  core: CoreContext,
  permit: Permit<'admin'>,
  options: FollowOptions,
): AsyncGenerator<Followed, void, undefined> {
  const { wish, last, signal, pause } = options
  const filter = { ...wish, ...placeOf(permit) }
  let { after } = options
  for (;;) {
    if (signal.aborted || (last !== null && after >= last)) return
    await authorize(core, permit.caller, 'admin', permit.path)
    const found = await core.catalog.events.after(after, CHUNK)
    const known = last === null ? found : found.filter(({ position }) => position <= last)
    const isEnd = known.length < CHUNK
    after = known.at(-1)?.position ?? after
    yield { events: known.filter(({ event }) => matchesEvent(event, filter)), after }
    if (isEnd && last !== null) return
    if (isEnd) await pause()
  }
}

/** The position behind which everything is yet to happen. */
export function lastEvent(core: CoreContext, _permit: Permit<'admin'>): Promise<number> {
  return core.catalog.events.last()
}

function placeOf({ path }: Permit<'admin'>): Pick<EventFilter, 'path' | 'pathPrefix'> {
  if (path.bucket === '') return { path: null, pathPrefix: '' }
  const isFolder = path.key === '' || path.key.endsWith('/')
  return isFolder
    ? { path: null, pathPrefix: formatPath(path) }
    : { path: formatPath(path), pathPrefix: '' }
}
