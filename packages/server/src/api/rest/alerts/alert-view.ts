/** An alert, and what is set about alerts, as clients see them. */
import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'
import type { AlertRecord, WatchSettingRecord } from '../../../catalog/alert-steps.ts'
import { formatPath, parseFolderPath } from '../../../core/paths.ts'
import { DEFAULT_THRESHOLDS, WATCH_RULES } from '../../../core/watch/thresholds.ts'
import type { Thresholds, WatchRule, WatchSetting } from '../../../core/watch/thresholds.ts'
import { Id, Time, formatTime, formatTimeOrNull, named, strictObject } from '../schemas.ts'

export const RuleSchema = Type.Unsafe<WatchRule>(
  Type.String({ enum: [...WATCH_RULES], description: 'What looked wrong.' }),
)

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const AlertSchema = named(
  'Alert',
  strictObject(
    {
      id: Id,
      rule: RuleSchema,
      subject: Type.String({
        description: 'The id of the link or key, the address, or whatever else it is about.',
      }),
      path: TextOrNull,
      link: TextOrNull,
      key: TextOrNull,
      raisedAt: Time,
      lastAt: Time,
      times: Type.Integer({ description: 'How often it was found while the alert was open.' }),
      measured: Type.Integer({
        description: 'About how many networks, addresses, requests or bytes, by the rule.',
      }),
      threshold: Type.Integer(),
      paused: Type.Boolean({ description: 'The link was paused with it.' }),
      closedAt: Type.Union([Time, Type.Null()]),
      closedBy: TextOrNull,
    },
    'Something that looked wrong.',
  ),
)

export function viewAlert(alert: AlertRecord): Static<typeof AlertSchema> {
  const { id, rule, subject, path, linkId, keyId, times, measured, threshold } = alert
  return {
    id,
    rule,
    subject,
    path: path === '' ? null : path,
    link: linkId,
    key: keyId,
    raisedAt: formatTime(alert.raisedAt),
    lastAt: formatTime(alert.lastAt),
    times,
    measured,
    threshold,
    paused: alert.hasPaused,
    closedAt: formatTimeOrNull(alert.closedAt),
    closedBy: alert.closedBy,
  }
}

/** Above them the rules cannot count, or nobody could mean it. */
const MOST: Thresholds = {
  networksPerDay: 150,
  networksPerMinute: 150,
  networksAfterEnd: 150,
  requestsAfterEnd: 1_000_000,
  probes: 300,
  hotLinkAddresses: 150,
  usesPerHour: 1_000_000_000,
  bytesPerHour: 2 ** 42,
  keyHistory: 1_000_000,
}

const thresholdOf = (name: keyof Thresholds): TSchema =>
  Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: MOST[name] ?? 1 }), Type.Null()], {
      description: `${String(DEFAULT_THRESHOLDS[name])} unless set; null never raises an alert.`,
    }),
  )

const ThresholdsSchema = Type.Unsafe<Partial<Thresholds>>(
  strictObject({
    networksPerDay: thresholdOf('networksPerDay'),
    networksPerMinute: thresholdOf('networksPerMinute'),
    networksAfterEnd: thresholdOf('networksAfterEnd'),
    requestsAfterEnd: thresholdOf('requestsAfterEnd'),
    probes: thresholdOf('probes'),
    hotLinkAddresses: thresholdOf('hotLinkAddresses'),
    usesPerHour: thresholdOf('usesPerHour'),
    bytesPerHour: thresholdOf('bytesPerHour'),
    keyHistory: thresholdOf('keyHistory'),
  }),
)

const Folder = Type.String({ maxLength: 4096, description: 'A folder; empty for everything.' })

export const WatchSettingBody = named(
  'WatchSettingRequest',
  strictObject({
    folder: Folder,
    thresholds: Type.Optional(ThresholdsSchema),
    pause: Type.Optional(
      Type.Array(RuleSchema, {
        uniqueItems: true,
        description: 'Rules that pause the link they are about.',
      }),
    ),
  }),
)

export const WatchSettingSchema = named(
  'WatchSetting',
  strictObject(
    {
      folder: Folder,
      thresholds: Type.Unsafe<Readonly<Record<string, number | null>>>(
        Type.Object({}, { additionalProperties: true }),
      ),
      pause: Type.Array(Type.String()),
    },
    'From where on something looks wrong below a folder.',
  ),
)

export function readWatchSetting({
  folder,
  thresholds = {},
  pause = [],
}: Static<typeof WatchSettingBody>): WatchSetting {
  return { path: readWatchFolder(folder), thresholds, pause }
}

export function readWatchFolder(folder: string): string {
  return folder === '' ? '' : formatPath(parseFolderPath(folder))
}

export function viewWatchSetting({
  path,
  thresholds,
  pause,
}: WatchSettingRecord): Static<typeof WatchSettingSchema> {
  return { folder: path, thresholds, pause: [...pause] }
}
