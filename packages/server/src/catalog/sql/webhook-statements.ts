/** Every statement about webhooks and their messages. */
import { sql } from 'kysely'
import { deliveries, webhooks } from '../tables/webhooks.ts'
import type { DeliveryOutcome } from '../webhook-steps.ts'
import type { StoredDelivery, StoredWebhook } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Id {
  id: string
}

interface Page {
  webhookId: string
  before: number
  limit: number
}

export type PlacedDeliveryRow = StoredDelivery & { position: number }

export interface WebhookStatements {
  readonly list: Statement<object, StoredWebhook>
  readonly find: Statement<Id, StoredWebhook>
  readonly insert: Statement<StoredWebhook, unknown>
  readonly update: Statement<StoredWebhook, unknown>
  readonly remove: Statement<Id, unknown>
  readonly skip: Statement<Id & { count: number }, unknown>
}

export function prepareWebhookStatements({ query, prepare }: SqlEngine): WebhookStatements {
  const all = query.selectFrom('webhooks').select(webhooks.selection)
  return {
    list: prepare(() => all.orderBy('id')),
    find: prepare((v: Id) => all.where('id', '=', v.id)),
    insert: prepare((v: StoredWebhook) => query.insertInto('webhooks').values(webhooks.every(v))),
    update: prepare((v: StoredWebhook) =>
      query.updateTable('webhooks').set(webhooks.except(v, 'id')).where('id', '=', v.id),
    ),
    remove: prepare((v: Id) => query.deleteFrom('webhooks').where('id', '=', v.id)),
    skip: prepare((v: Id & { count: number }) =>
      query
        .updateTable('webhooks')
        .set((row) => ({ skipped: row('skipped', '+', v.count) }))
        .where('id', '=', v.id),
    ),
  }
}

export interface DeliveryStatements {
  readonly insert: Statement<StoredDelivery, unknown>
  readonly find: Statement<{ webhookId: string; id: string }, StoredDelivery>
  /** Counts no further than `limit`. */
  readonly waiting: Statement<{ webhookId: string; limit: number }, { count: number }>
  readonly due: Statement<{ webhookId: string; nowMs: number; limit: number }, StoredDelivery>
  readonly count: Statement<DeliveryOutcome, unknown>
  readonly settle: Statement<DeliveryOutcome, unknown>
  readonly resend: Statement<{ webhookId: string; id: string; nowMs: number }, unknown>
  readonly page: Statement<Page, PlacedDeliveryRow>
  readonly pageOf: Statement<Page & { state: string }, PlacedDeliveryRow>
  readonly forget: Statement<{ beforeMs: number; limit: number }, unknown>
}

const WAITING = sql.lit('waiting')

export function prepareDeliveryStatements(engine: SqlEngine): DeliveryStatements {
  const { query, prepare } = engine
  const all = query.selectFrom('webhook_deliveries').select(deliveries.selection)
  return {
    insert: prepare((v: StoredDelivery) =>
      query.insertInto('webhook_deliveries').values(deliveries.every(v)),
    ),
    find: prepare((v: { webhookId: string; id: string }) =>
      all.where('id', '=', v.id).where('webhook_id', '=', v.webhookId),
    ),
    waiting: prepare((v: { webhookId: string; limit: number }) =>
      query
        .selectFrom(
          query
            .selectFrom('webhook_deliveries')
            .select('position')
            .where('webhook_id', '=', v.webhookId)
            .where('state', '=', WAITING)
            .limit(v.limit)
            .as('held'),
        )
        .select((of) => of.fn.countAll<number>().as('count')),
    ),
    due: prepare((v: { webhookId: string; nowMs: number; limit: number }) =>
      all
        .where('webhook_id', '=', v.webhookId)
        .where('state', '=', WAITING)
        .where('next_at', '<=', v.nowMs)
        .orderBy('next_at')
        .limit(v.limit),
    ),
    ...prepareEndings(engine),
    ...preparePages(engine),
  }
}

function prepareEndings({
  query,
  prepare,
}: SqlEngine): Pick<DeliveryStatements, 'count' | 'settle' | 'resend' | 'forget'> {
  return {
    count: prepare((v: DeliveryOutcome) =>
      query
        .updateTable('webhook_deliveries')
        .set((row) => ({
          attempts: row('attempts', '+', sql.lit(1)),
          last_status: v.lastStatus,
          last_fault: v.lastFault,
        }))
        .where('id', '=', v.id),
    ),
    // `resend` moves `next_at`, so that one that was sent again by hand meanwhile waits on.
    settle: prepare((v: DeliveryOutcome) =>
      query
        .updateTable('webhook_deliveries')
        .set({ state: v.state, next_at: v.nextAt, ended_at: v.endedAt })
        .where('id', '=', v.id)
        .where('state', '=', WAITING)
        .where('next_at', '=', v.dueAt),
    ),
    resend: prepare((v: { webhookId: string; id: string; nowMs: number }) =>
      query
        .updateTable('webhook_deliveries')
        .set({
          state: WAITING,
          // Of one that waits never what it was: an attempt for that may be under way.
          next_at: sql<number>`case when state = ${WAITING} and next_at = ${v.nowMs} then next_at + 1 else ${v.nowMs} end`,
          ended_at: sql.lit(null),
        })
        .where('id', '=', v.id)
        .where('webhook_id', '=', v.webhookId),
    ),
    forget: prepare((v: { beforeMs: number; limit: number }) =>
      query
        .deleteFrom('webhook_deliveries')
        .where('position', 'in', (from) =>
          from
            .selectFrom('webhook_deliveries')
            .select('position')
            .where('ended_at', '<', v.beforeMs)
            .orderBy('ended_at')
            .limit(v.limit),
        ),
    ),
  }
}

function preparePages({ query, prepare }: SqlEngine): Pick<DeliveryStatements, 'page' | 'pageOf'> {
  const page = (v: Page) =>
    query
      .selectFrom('webhook_deliveries')
      .select([...deliveries.selection, 'position'])
      .where('webhook_id', '=', v.webhookId)
      .where('position', '<', v.before)
      .orderBy('position', 'desc')
      .limit(v.limit)
  return {
    page: prepare(page),
    pageOf: prepare((v: Page & { state: string }) => page(v).where('state', '=', v.state)),
  }
}
