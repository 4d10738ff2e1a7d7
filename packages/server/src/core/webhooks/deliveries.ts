/** Looks at what webhooks were told, and tells it again. */
import type { DeliveryRecord, DeliveryState, PlacedDelivery } from '../../catalog/webhook-steps.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
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
  _permit: Permit<'admin'>,
  { webhookId, id }: { readonly webhookId: string; readonly id: string },
): Promise<DeliveryRecord> {
  const delivery = await core.catalog.webhooks.resend(webhookId, id, core.clock.now())
  if (delivery === null) throw refusal('delivery-not-found', { id })
  return delivery
}
