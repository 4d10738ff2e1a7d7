/** Where it is told what happened, and every message that is or was to be told. */
import {
  bytes,
  bytesOrNull,
  integer,
  integerOrNull,
  json,
  oneOf,
  shape,
  table,
  text,
  textOrNull,
} from '../table.ts'
import type { EventKind } from '../event-steps.ts'

export const webhooks = table('webhooks', {
  id: text('id'),
  name: text('name'),
  /** May hold a secret of its own: shown to administrators, and written nowhere else. */
  url: text('url'),
  kinds: json('kinds', shape<readonly EventKind[]>()),
  /** Only what happens below this folder, which ends in a slash; `''` for everything. */
  pathPrefix: text('path_prefix'),
  /** What messages are signed with, sealed (core/keys/seal.ts). */
  sealedSecret: bytes('sealed_secret'),
  /** Signs too until `previousUntil`, so that a receiver can change over in its own time. */
  sealedPrevious: bytesOrNull('sealed_previous'),
  previousUntil: integerOrNull('previous_until'),
  createdAt: integer('created_at'),
  createdBy: text('created_by'),
  /** Nothing is sent while it is off; `null`: it works. */
  disabledAt: integerOrNull('disabled_at'),
  /** Messages that were not even made, because too many waited already. */
  skipped: integer('skipped'),
})

const DELIVERY_STATES = ['waiting', 'delivered', 'dead'] as const

export const deliveries = table('webhook_deliveries', {
  /** The same however often it is sent: by it a receiver knows what it had before. */
  id: text('id'),
  webhookId: text('webhook_id'),
  eventId: text('event_id'),
  kind: text('kind'),
  /** The body, byte for byte as it is signed. */
  payload: text('payload'),
  state: oneOf('state', DELIVERY_STATES),
  attempts: integer('attempts'),
  /** When it is tried next, while it waits. */
  nextAt: integer('next_at'),
  createdAt: integer('created_at'),
  /** When it arrived or was given up. */
  endedAt: integerOrNull('ended_at'),
  /** Of the last attempt: the status of its answer, or why there was none. */
  lastStatus: integerOrNull('last_status'),
  lastFault: textOrNull('last_fault'),
})
