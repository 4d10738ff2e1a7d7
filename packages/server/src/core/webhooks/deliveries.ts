/** Looks at what webhooks were told, and tells it again. */
import type { DeliveryRecord, DeliveryState, PlacedDelivery } from '../../catalog/webhook-steps.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { findWebhook } from './webhooks.ts'

export interface DeliveryWish {
  readonly webhookId: string
  readonly state: DeliveryState | null
  readonly before: number | null
  readonly limit: number
}

/** Newest first. Throws `webhook-not-found`. */
export async function listDeliveries(
  core: CoreContext,
  permit: Permit<'admin'>,
  wish: DeliveryWish,
): Promise<readonly PlacedDelivery[]> {
  await findWebhook(core, permit, wish.webhookId)
  return core.catalog.webhooks.deliveries(wish)
}

/** Sends one again, whatever became of it, under its old id. Throws `delivery-not-found`. */
export async function resendDelivery(
  core: CoreContext,
  permit: Permit<'admin'>,
  { webhookId, id }: { readonly webhookId: string; readonly id: string },
): Promise<DeliveryRecord> {
  const message = { webhookId, id, nowMs: core.clock.now() }
  const delivery = await changeInEpoch(core, permit, (rights) =>
    core.catalog.webhooks.resend(message, rights),
  )
  if (delivery === null) throw refusal('delivery-not-found', { id })
  return delivery
}
