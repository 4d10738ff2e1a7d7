/** A webhook and its messages as clients see them. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { DeliveryRecord, WebhookRecord } from '../../../catalog/webhook-steps.ts'
import type { WebhookOptions } from '../../../core/webhooks/webhooks.ts'
import { formatPath, parseFolderPath } from '../../../core/paths.ts'
import { EventKindSchema } from '../events/event-view.ts'
import { Id, Name, Time, formatTime, formatTimeOrNull, named, strictObject } from '../schemas.ts'

const TimeOrNull = Type.Union([Time, Type.Null()])

const Url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description:
    'https, at a public address. Its query may hold a secret: the server writes it nowhere else.',
})
const Events = Type.Array(EventKindSchema, { minItems: 1, maxItems: 64, uniqueItems: true })
const Folder = Type.String({
  maxLength: 4096,
  description: 'Only what happens below this folder; left out or empty, everything.',
})

const webhookProperties = {
  name: Name,
  url: Url,
  events: Events,
  folder: Type.Optional(Folder),
}

export const WebhookBody = named('WebhookRequest', strictObject(webhookProperties))

export const WebhookChangeBody = named(
  'WebhookChange',
  strictObject({
    name: Type.Optional(Name),
    url: Type.Optional(Url),
    events: Type.Optional(Events),
    folder: Type.Optional(Folder),
    disabled: Type.Optional(Type.Boolean()),
  }),
)

export function readOptions({
  events,
  folder = '',
  ...rest
}: Static<typeof WebhookBody>): WebhookOptions {
  return { ...rest, kinds: events, pathPrefix: readFolder(folder) }
}

export function readFolder(folder: string): string {
  return folder === '' ? '' : formatPath(parseFolderPath(folder))
}

const shown = {
  id: Id,
  name: Type.String(),
  url: Type.String(),
  events: Type.Array(EventKindSchema),
  folder: Type.String(),
  createdAt: Time,
  createdBy: Type.String(),
  disabledAt: TimeOrNull,
  skipped: Type.Integer({ description: 'Messages not made because 100,000 were waiting already.' }),
}

export const WebhookSchema = named('Webhook', strictObject(shown, 'Who is told what happened.'))
export const ShownWebhookSchema = named(
  'CreatedWebhook',
  strictObject(
    {
      ...shown,
      secret: Type.String({
        description: 'What messages are signed with. Shown in this answer only.',
      }),
    },
    'A webhook with its secret.',
  ),
)

export function viewWebhook(webhook: WebhookRecord): Static<typeof WebhookSchema> {
  const { id, name, url, kinds, pathPrefix, createdAt, createdBy, disabledAt, skipped } = webhook
  return {
    id,
    name,
    url,
    events: [...kinds],
    folder: pathPrefix,
    createdAt: formatTime(createdAt),
    createdBy,
    disabledAt: formatTimeOrNull(disabledAt),
    skipped,
  }
}

export const DeliveryStateSchema = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('delivered'),
  Type.Literal('dead'),
])

export const DeliverySchema = named(
  'Delivery',
  strictObject(
    {
      id: Type.String({ description: 'Sent as `webhook-id`, the same every time.' }),
      event: Id,
      type: Type.String(),
      state: DeliveryStateSchema,
      attempts: Type.Integer(),
      createdAt: Time,
      nextAttemptAt: TimeOrNull,
      endedAt: TimeOrNull,
      lastStatus: Type.Union([Type.Integer(), Type.Null()], {
        description: 'The status of the last answer.',
      }),
      lastFault: Type.Union([Type.String(), Type.Null()], {
        description: 'Why there was no answer the last time.',
      }),
    },
    'A message to a webhook.',
  ),
)

export function viewDelivery(delivery: DeliveryRecord): Static<typeof DeliverySchema> {
  const { id, eventId, kind, state, attempts, nextAt, lastStatus, lastFault } = delivery
  return {
    id,
    event: eventId,
    type: kind,
    state,
    attempts,
    createdAt: formatTime(delivery.createdAt),
    nextAttemptAt: state === 'waiting' ? formatTime(nextAt) : null,
    endedAt: formatTimeOrNull(delivery.endedAt),
    lastStatus,
    lastFault,
  }
}
