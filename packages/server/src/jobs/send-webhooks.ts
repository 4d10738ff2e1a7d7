/** Tells webhooks what happened: makes messages of events, sends those whose time has come, and writes down what became of them. */
import type { DeliveryRecord, WebhookRecord } from '../catalog/webhook-steps.ts'
import type { CoreContext } from '../core/context.ts'
import { decideOutcome } from '../core/webhooks/decide-outcome.ts'
import type { Attempt } from '../core/webhooks/decide-outcome.ts'
import { makeMessages } from '../core/webhooks/make-messages.ts'
import { signMessage } from '../core/webhooks/sign-message.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Follower } from './follow-events.ts'

export interface SendWebhooksOptions {
  readonly core: Pick<CoreContext, 'catalog' | 'sealer' | 'clock' | 'random' | 'log'>
  readonly metrics: Pick<Metrics, 'countWebhook'>
  readonly post: (message: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly signal: AbortSignal
  }) => Promise<Attempt>
}

const EVERY_MS = 500
const SPREAD = { limit: 500, maxWaiting: 100_000 }
/** Of one webhook, sent at once. */
const AT_ONCE = 8

/** One that does not answer holds up itself alone: each webhook has a round of its own under way. */
export function createWebhookSender(options: SendWebhooksOptions): Follower {
  const { core, metrics } = options
  const busy = new Map<string, Promise<void>>()

  async function spread(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { events, skipped } = await core.catalog.webhooks.spread(
        (event, webhooks) => makeMessages(core, event, webhooks),
        SPREAD,
      )
      if (skipped > 0) metrics.countWebhook('skipped', skipped)
      if (events < SPREAD.limit) return
    }
  }

  async function sendDue(webhook: WebhookRecord, signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = core.clock.now()
      const due = await core.catalog.webhooks.due(webhook.id, now, AT_ONCE)
      if (due.length === 0 || signal.aborted) return
      const outcomes = await Promise.all(
        due.map((delivery) => attempt(options, { webhook, delivery, signal })),
      )
      // Breaking off is no attempt: it is told again by whoever goes on.
      if (signal.aborted) return
      await core.catalog.webhooks.settle(outcomes)
      for (const { state } of outcomes)
        metrics.countWebhook(state === 'waiting' ? 'failed' : state, 1)
      // With one that fails, a round is enough.
      if (outcomes.every(({ state }) => state !== 'delivered')) return
    }
  }

  return {
    name: 'webhooks',
    everyMs: EVERY_MS,
    async run(signal) {
      await spread(signal)
      for (const webhook of await core.catalog.webhooks.list()) {
        if (webhook.disabledAt !== null || busy.has(webhook.id)) continue
        const sending = sendDue(webhook, signal)
          .catch((error: unknown) =>
            core.log.warn({ err: error, webhook: webhook.id }, 'webhook failed'),
          )
          .finally(() => busy.delete(webhook.id))
        busy.set(webhook.id, sending)
      }
    },
    settled: async () => {
      await Promise.all(busy.values())
    },
  }
}

interface Sending {
  readonly webhook: WebhookRecord
  readonly delivery: DeliveryRecord
  readonly signal: AbortSignal
}

async function attempt(
  { core, post }: SendWebhooksOptions,
  { webhook, delivery, signal }: Sending,
): ReturnType<typeof decideAfter> {
  const { url } = webhook
  const message = { id: delivery.id, body: delivery.payload }
  const signed = signMessage(message, secretsOf(core, webhook), core.clock.now())
  const headers = { ...signed, 'content-type': 'application/json', 'user-agent': 'hallpass' }
  return decideAfter(core, delivery, await post({ url, headers, body: message.body, signal }))
}

async function decideAfter(
  { clock, random }: Pick<CoreContext, 'clock' | 'random'>,
  delivery: DeliveryRecord,
  answer: Attempt,
): Promise<ReturnType<typeof decideOutcome>> {
  return decideOutcome(delivery, answer, { nowMs: clock.now(), random })
}

function secretsOf(
  { sealer, clock }: Pick<CoreContext, 'sealer' | 'clock'>,
  { id, sealedSecret, sealedPrevious, previousUntil }: WebhookRecord,
): readonly string[] {
  const seal = sealer.for('webhook-secret')
  const current = seal.open(id, sealedSecret)
  const isOver = previousUntil === null || clock.now() >= previousUntil
  return sealedPrevious === null || isOver ? [current] : [current, seal.open(id, sealedPrevious)]
}
