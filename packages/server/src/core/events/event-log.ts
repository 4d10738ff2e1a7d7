/**
 * Uses of rights, collected in memory and written together a moment later, so that no request waits for it. Those that differ in
 * nothing but time and bytes become one with a count. A crash loses what was collected within the last second; what changes rights
 * never comes here.
 */
import type { EventCatalog, EventDraft } from '../../catalog/event-steps.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { flushInTurn } from '../flush-in-turn.ts'
import { agentWithoutSecrets, withoutSecrets } from '../without-secrets.ts'

/** What is noted of a use; time and count are found here. */
export type NotedUse = Omit<EventDraft, 'at' | 'count'>

/** Different events held at once. Those beyond are counted and lost: memory has an end, however fast they come. */
const MAX_HELD = 10_000
/** Few enough that no request waits long behind one batch; each is a commit. */
const BATCH = 500
/** A key is noted once in so long for each address. */
const KEY_AGAIN_MS = 600_000
const MAX_KEYS = 10_000

export interface EventLog {
  note(use: NotedUse): void
  /** That a key acts by itself, from there. Of many times within ten minutes the first is noted. */
  noteKey(keyId: string, from: Pick<NotedUse, 'address' | 'agent'>): void
  /** Writes what was collected. To be called every half second, and at the end. Never rejects. */
  flush(): Promise<void>
}

export function createEventLog(options: {
  readonly events: Pick<EventCatalog, 'append'>
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  /** Told how many were lost, because there was no room for them. */
  readonly onDropped: (count: number) => void
}): EventLog {
  const { events, clock, log, onDropped } = options
  const keys = createKeyMemory(clock)
  let held = new Map<string, Held>()

  function add(use: NotedUse, at: number, count: number): void {
    const key = sameness(use)
    const known = held.get(key)
    if (known !== undefined) {
      known.count += count
      known.bytes += use.bytes
    } else if (held.size < MAX_HELD) held.set(key, { use, at, count, bytes: use.bytes })
    else onDropped(count)
  }

  /** What cannot be written is held on to, as far as there is room. */
  async function write(): Promise<void> {
    const drafts = Array.from(held.values(), toDraft)
    held = new Map()
    for (let from = 0; from < drafts.length; from += BATCH) {
      try {
        await events.append(drafts.slice(from, from + BATCH).map(cleaned))
      } catch (error) {
        log.warn({ err: error, events: drafts.length - from }, 'events could not be written')
        for (const draft of drafts.slice(from)) add(draft, draft.at, draft.count)
        return
      }
    }
  }

  function note(use: NotedUse): void {
    add(use, clock.now(), 1)
  }

  return {
    note,
    noteKey(keyId, from) {
      if (!keys.isNew(keyId, from.address)) return
      note({ ...NOTHING, ...from, kind: 'key.used', keyId })
    },
    flush: flushInTurn(() => held.size === 0, write),
  }
}

const NOTHING = {
  code: null,
  linkId: null,
  path: '',
  target: null,
  referrer: null,
  bytes: 0,
} as const

/** The first of its kind, when it was, and what came together since: nearly every request is told of, so that it is added up in place. */
interface Held {
  readonly use: NotedUse
  readonly at: number
  count: number
  bytes: number
}

function toDraft({ use, at, count, bytes }: Held): EventDraft {
  return { ...use, at, count, bytes }
}

/** One flat text, which costs less than a template of as many pieces. What is not there and what is empty tell nobody apart. */
function sameness(use: NotedUse): string {
  const { kind, code, linkId, keyId, path, target, address, agent, referrer } = use
  return [kind, code, linkId, keyId, path, target, address, referrer, agent].join('\n')
}

function cleaned(draft: EventDraft): EventDraft {
  const { agent, path } = draft
  return {
    ...draft,
    agent: agent === null ? null : agentWithoutSecrets(agent),
    path: withoutSecrets(path),
  }
}

interface KeyMemory {
  isNew(keyId: string, address: string | null): boolean
}

/** When it is full the oldest is forgotten, and may be noted twice. */
function createKeyMemory(clock: Clock): KeyMemory {
  const notedAt = new Map<string, number>()
  return {
    isNew(keyId, address) {
      const key = `${keyId}\n${address}`
      const now = clock.now()
      const last = notedAt.get(key)
      if (last !== undefined && now >= last && now - last < KEY_AGAIN_MS) return false
      const oldest = notedAt.keys().next()
      if (last === undefined && notedAt.size >= MAX_KEYS && oldest.done !== true) {
        notedAt.delete(oldest.value)
      }
      notedAt.set(key, now)
      return true
    },
  }
}
