/** Webhooks: who is told what happened. Their secrets are sealed, and shown once. */
import type { EventKind } from '../../catalog/event-steps.ts'
import type { WebhookRecord } from '../../catalog/webhook-steps.ts'
import { createId } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { MAX_WEBHOOKS, WEBHOOK_SECRET_OVERLAP_MS } from '../limits.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { createWebhookSecret } from './sign-message.ts'
import { addressIn, createTargetCheck } from './target-addresses.ts'

export interface WebhookOptions {
  readonly name: string
  readonly url: string
  readonly kinds: readonly EventKind[]
  /** A folder, which ends in a slash; `''` for everything. */
  readonly pathPrefix: string
}

export interface ShownWebhook {
  readonly webhook: WebhookRecord
  /** Shown once. */
  readonly secret: string
}

/** Throws `field-invalid` for a URL that cannot be a webhook's, and where there are too many. */
export async function createWebhook(
  core: CoreContext,
  permit: Permit<'admin'>,
  options: WebhookOptions,
): Promise<ShownWebhook> {
  const id = createId(core.random, 'hook_')
  const secret = createWebhookSecret(core.random)
  const webhook: WebhookRecord = {
    ...options,
    id,
    url: readWebhookUrl(core, options.url),
    sealedSecret: core.sealer.for('webhook-secret').seal(id, secret),
    sealedPrevious: null,
    previousUntil: null,
    createdAt: core.clock.now(),
    createdBy: callerId(permit.caller),
    disabledAt: null,
    skipped: 0,
  }
  const outcome = await changeInEpoch(core, permit, (rights) =>
    core.catalog.webhooks.insert(webhook, MAX_WEBHOOKS, rights),
  )
  if (outcome === 'inserted') return { webhook, secret }
  const reason = `there are ${MAX_WEBHOOKS} already; remove one that nobody needs`
  throw refusal('field-invalid', { field: 'webhooks', reason })
}

export function listWebhooks(
  core: CoreContext,
  _permit: Permit<'admin'>,
): Promise<readonly WebhookRecord[]> {
  return core.catalog.webhooks.list()
}

/** Throws `webhook-not-found`. */
export async function findWebhook(
  core: CoreContext,
  _permit: Permit<'admin'>,
  id: string,
): Promise<WebhookRecord> {
  const webhook = await core.catalog.webhooks.find(id)
  if (webhook === null) throw refusal('webhook-not-found', { id })
  return webhook
}

export interface WebhookChange extends Partial<WebhookOptions> {
  readonly id: string
  readonly isDisabled?: boolean
}

/** Sets what is named and leaves the rest. Throws `webhook-not-found`, `field-invalid`. */
export async function changeWebhook(
  core: CoreContext,
  permit: Permit<'admin'>,
  { id, url, isDisabled, ...change }: WebhookChange,
): Promise<WebhookRecord> {
  const target = url === undefined ? {} : { url: readWebhookUrl(core, url) }
  const nowMs = core.clock.now()
  return update(core, permit, {
    id,
    change: (webhook) => ({
      ...webhook,
      ...change,
      ...target,
      disabledAt:
        isDisabled === undefined
          ? webhook.disabledAt
          : isDisabled
            ? (webhook.disabledAt ?? nowMs)
            : null,
    }),
  })
}

/** A new secret; messages are signed with the one before too, for a day. Throws `webhook-not-found`. */
export async function rotateWebhookSecret(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<ShownWebhook> {
  const secret = createWebhookSecret(core.random)
  const sealedSecret = core.sealer.for('webhook-secret').seal(id, secret)
  const previousUntil = core.clock.now() + WEBHOOK_SECRET_OVERLAP_MS
  const webhook = await update(core, permit, {
    id,
    change: (known) => ({
      ...known,
      sealedSecret,
      sealedPrevious: known.sealedSecret,
      previousUntil,
    }),
  })
  return { webhook, secret }
}

/** With what it was still to be told. Throws `webhook-not-found`. */
export async function removeWebhook(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<void> {
  const isRemoved = await changeInEpoch(core, permit, (rights) =>
    core.catalog.webhooks.remove(id, rights),
  )
  if (!isRemoved) throw refusal('webhook-not-found', { id })
}

async function update(
  core: CoreContext,
  permit: Permit<'admin'>,
  { id, change }: { readonly id: string; readonly change: (known: WebhookRecord) => WebhookRecord },
): Promise<WebhookRecord> {
  const changed = await changeInEpoch(core, permit, (rights) =>
    core.catalog.webhooks.change(id, change, rights),
  )
  if (changed === null) throw refusal('webhook-not-found', { id })
  return changed
}

/** In its normal form. Where a name leads is looked at when something is sent: it may lead elsewhere by then. An address never does. */
function readWebhookUrl(
  { webhookNetworks }: Pick<CoreContext, 'webhookNetworks'>,
  text: string,
): string {
  const url = URL.parse(text)
  if (url === null)
    throw urlInvalid('it must be an absolute URL, such as https://app.example/hooks')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw urlInvalid('it must be https')
  if (url.protocol === 'http:' && webhookNetworks.length === 0) {
    throw urlInvalid('it must be https; http is for networks named in webhookNetworks alone')
  }
  if (url.username !== '' || url.password !== '')
    throw urlInvalid('it must not hold a user or password')
  requireTarget(webhookNetworks, url)
  url.hash = ''
  return url.href
}

function requireTarget(networks: readonly string[], url: URL): void {
  const address = addressIn(url)
  const isSecure = url.protocol === 'https:'
  if (address === null || createTargetCheck(networks)(address, isSecure)) return
  throw urlInvalid(`${address} is neither public, over https, nor in webhookNetworks`)
}

function urlInvalid(reason: string): Error {
  return refusal('field-invalid', { field: 'url', reason })
}
