/** Webhooks and their messages. What happened is the outbox: messages are made of events, in the transaction that says how far it came. */
import type { EventRecord } from '../event-steps.ts'
import { events } from '../tables/events.ts'
import { deliveries, webhooks } from '../tables/webhooks.ts'
import type { SpreadOptions, WebhookCatalog, WebhookRecord } from '../webhook-steps.ts'
import type { EpochScripts } from './epoch.ts'
import { prepareEventReaders } from './event-readers.ts'
import type { ChangeNote, EventScripts } from './events.ts'
import type { Script, SqlEngine } from './script.ts'
import { prepareDeliveryStatements, prepareWebhookStatements } from './webhook-statements.ts'
import type { DeliveryStatements, WebhookStatements } from './webhook-statements.ts'

export interface WebhookParts {
  readonly epoch: EpochScripts
  readonly trail: EventScripts
}

export function createWebhookCatalog(engine: SqlEngine, parts: WebhookParts): WebhookCatalog {
  const at = prepareWebhookStatements(engine)
  const messages = prepareDeliveryStatements(engine)
  return {
    list: () => engine.read(() => list(at)),
    find: (id) => engine.lookUp(at.find, { id }, (row) => webhooks.toRecord(row)),
    ...createChanges(engine, at, parts),
    ...createMessages(engine, at, messages),
    ...createAttempts(engine, messages, parts),
    ...createLists(engine, messages),
  }
}

function* list(at: WebhookStatements): Script<readonly WebhookRecord[]> {
  return (yield* at.list.all({})).map((row) => webhooks.toRecord(row))
}

function createChanges(
  { write }: SqlEngine,
  at: WebhookStatements,
  { epoch, trail }: WebhookParts,
): Pick<WebhookCatalog, 'insert' | 'change' | 'remove'> {
  return {
    insert: (webhook, most, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if ((yield* at.list.all({})).length >= most) return 'too-many'
        yield* at.insert.run(webhooks.toStored(webhook))
        yield* trail.record(rights?.by, note('webhook.created', webhook))
        return 'inserted'
      }),
    change: (id, change, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const row = yield* at.find.get({ id })
        if (row === undefined) return null
        const changed = change(webhooks.toRecord(row))
        yield* at.update.run(webhooks.toStored(changed))
        yield* trail.record(rights?.by, note('webhook.changed', changed))
        return changed
      }),
    remove: (id, rights) =>
      write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          if ((yield* at.remove.run({ id })) === 0) return false
          yield* trail.record(rights?.by, { kind: 'webhook.removed', target: id })
          return true
        },
        { isUrgent: true },
      ),
  }
}

/** Not the URL, which may hold a secret. */
function note(
  kind: ChangeNote['kind'],
  { id, url, kinds, pathPrefix, disabledAt }: WebhookRecord,
): ChangeNote {
  const detail = { host: new URL(url).host, events: kinds, isDisabled: disabledAt !== null }
  return { kind, target: id, path: pathPrefix, detail }
}

function createMessages(
  engine: SqlEngine,
  at: WebhookStatements,
  messages: DeliveryStatements,
): Pick<WebhookCatalog, 'spread'> {
  const readers = prepareEventReaders(engine)
  return {
    spread: (choose, options) =>
      engine.write(function* () {
        const position = yield* readers.positionOf(READER)
        const known = yield* list(at)
        // Nobody to tell needs nothing read.
        const rows =
          known.length === 0
            ? yield* readers.newest.all({ position })
            : yield* readers.after.all({ position, limit: options.limit })
        const last = rows.at(-1)
        if (last === undefined) return { events: 0, skipped: 0 }
        const found = rows.map(({ position: _position, ...row }) => events.toRecord(row))
        const skipped = yield* tell({ at, messages, known, choose, options }, found)
        yield* readers.move.run({ name: READER, position: last.position })
        return { events: rows.length, skipped }
      }),
  }
}

function createAttempts(
  { write }: SqlEngine,
  messages: DeliveryStatements,
  { epoch, trail }: WebhookParts,
): Pick<WebhookCatalog, 'settle' | 'resend' | 'forget'> {
  return {
    settle: (outcomes) =>
      write(function* () {
        for (const outcome of outcomes) {
          yield* messages.count.run(outcome)
          yield* messages.settle.run(outcome)
        }
      }),
    resend: (message, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        yield* messages.resend.run(message)
        const row = yield* messages.find.get(message)
        if (row === undefined) return null
        const { webhookId: target, id, eventId } = deliveries.toRecord(row)
        const detail = { message: id, event: eventId }
        yield* trail.record(rights?.by, { kind: 'webhook.resent', target, detail })
        return deliveries.toRecord(row)
      }),
    forget: (beforeMs, limit) =>
      write(
        function* () {
          return yield* messages.forget.run({ beforeMs, limit })
        },
        { isUrgent: true },
      ),
  }
}

const READER = 'webhooks'

interface Telling {
  readonly at: WebhookStatements
  readonly messages: DeliveryStatements
  readonly known: readonly WebhookRecord[]
  readonly choose: Parameters<WebhookCatalog['spread']>[0]
  readonly options: SpreadOptions
}

/** How many messages were not made. */
function* tell(
  { at, messages, known, choose, options }: Telling,
  found: readonly EventRecord[],
): Script<number> {
  const made = found.flatMap((event) => choose(event, known))
  let skipped = 0
  for (const { id } of known) {
    const own = made.filter(({ webhookId }) => webhookId === id)
    if (own.length === 0) continue
    const limit = options.maxWaiting
    const waiting = (yield* messages.waiting.get({ webhookId: id, limit }))?.count ?? 0
    const room = Math.max(0, limit - waiting)
    for (const delivery of own.slice(0, room)) {
      yield* messages.insert.run(deliveries.toStored(delivery))
    }
    const count = Math.max(0, own.length - room)
    if (count > 0) yield* at.skip.run({ id, count })
    skipped += count
  }
  return skipped
}

function createLists(
  { read }: SqlEngine,
  messages: DeliveryStatements,
): Pick<WebhookCatalog, 'due' | 'deliveries'> {
  return {
    due: (webhookId, nowMs, limit) =>
      read(function* () {
        const rows = yield* messages.due.all({ webhookId, nowMs, limit })
        return rows.map((row) => deliveries.toRecord(row))
      }),
    deliveries: ({ webhookId, state, before, limit }) =>
      read(function* () {
        const page = { webhookId, before: before ?? Number.MAX_SAFE_INTEGER, limit }
        const rows =
          state === null
            ? yield* messages.page.all(page)
            : yield* messages.pageOf.all({ ...page, state })
        return rows.map(({ position, ...row }) => ({
          delivery: deliveries.toRecord(row),
          position,
        }))
      }),
  }
}
