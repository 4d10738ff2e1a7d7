/** A policy as clients see it, what is sent to change one, and what a change would do. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { FolderChangeRecord } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import { formatPath } from '../../../core/paths.ts'
import type {
  EffectiveLine,
  PolicyView as View,
  PolicyWish,
} from '../../../core/folders/folder-policy.ts'
import { PRESET_NAMES } from '../../../core/policy/presets.ts'
import type { PolicyPreview } from '../../../core/links/preview-policy.ts'
import type { RequestsPreview } from '../../../core/links/preview-requests.ts'
import {
  Cursor,
  Id,
  Limit,
  Time,
  VisibilitySchema,
  formatTime,
  named,
  pageOf,
  strictObject,
} from '../schemas.ts'
import { MethodSchema } from '../links/link-view.ts'
import { formatCursor, parseCursor } from '../cursor.ts'
import { PolicySchema, ReasonSchema } from './policy-schema.ts'

const PathSchema = Type.String({ description: 'Empty for the instance.' })

export const PolicyRequest = named(
  'PolicyRequest',
  strictObject({
    preset: Type.Optional(
      Type.Union(
        PRESET_NAMES.map((name) => Type.Literal(name)),
        { description: 'Its lines hold where `policy` says nothing else.' },
      ),
    ),
    policy: Type.Optional(PolicySchema),
    reason: Type.Optional(ReasonSchema),
  }),
)

export const PreviewRequest = named(
  'PolicyPreviewRequest',
  strictObject({
    preset: PolicyRequest.properties.preset,
    policy: PolicyRequest.properties.policy,
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
)

export const PolicyViewSchema = named(
  'PolicyView',
  strictObject(
    {
      path: PathSchema,
      policy: PolicySchema,
      lines: Type.Record(
        Type.String(),
        strictObject({
          value: Type.Unknown(),
          from: Type.Union([Type.String(), Type.Null()], {
            description:
              'The folder that says so; `instance` for the whole server; null where the standard holds.',
          }),
        }),
        { description: 'What holds here, line by line.' },
      ),
      quotas: Type.Array(
        strictObject({
          from: Type.String({ description: 'The folder that says so.' }),
          maxTotalBytes: Type.Union([Type.Integer(), Type.Null()]),
          maxFiles: Type.Union([Type.Integer(), Type.Null()]),
          usedBytes: Type.Integer({
            description: 'What lies below it, with old versions and the parts of open uploads.',
          }),
          usedFiles: Type.Integer(),
        }),
        { description: 'How full the quotas of this folder and of those above it are.' },
      ),
      version: Type.Integer({ description: 'How often the settings of this place were changed.' }),
      changedAt: Type.Union([Time, Type.Null()]),
      changedBy: Type.Union([Type.String(), Type.Null()], { description: 'The id of a key.' }),
      reason: Type.Union([Type.String(), Type.Null()]),
    },
    'A policy, and what holds with it.',
  ),
)

export const PolicyChangesSchema = pageOf(
  'changes',
  strictObject({
    version: Type.Integer(),
    visibility: Type.Union([VisibilitySchema, Type.Null()]),
    policy: PolicySchema,
    removed: Type.Boolean({ description: 'The settings were taken away.' }),
    changedAt: Time,
    changedBy: Type.Union([Type.String(), Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()]),
  }),
)

const RequestsPreviewSchema = strictObject(
  {
    since: Time,
    refused: Type.Array(
      strictObject({
        link: Id,
        path: Type.String(),
        requests: Type.Integer(),
        lastAt: Time,
        rule: Type.String({ description: 'The rule that would have refused them.' }),
        detail: Type.String(),
      }),
      { description: 'By link, the most requests first.' },
    ),
    examined: Type.Integer({
      description: 'Requests of links with a record, answered since then.',
    }),
    unjudged: Type.Integer({
      description:
        'Requests with URLs that have no record: those that come with files, and those that clients presign.',
    }),
    complete: Type.Boolean({
      description: 'False: there were more than are looked at, and these are the newest.',
    }),
  },
  'Which of the requests of the last seven days the policy would have refused.',
)

export const PolicyPreviewSchema = named(
  'PolicyPreview',
  strictObject({
    refused: Type.Array(
      strictObject({
        id: Id,
        path: Type.String(),
        method: MethodSchema,
        expiresAt: Time,
        createdBy: Type.String(),
        rule: Type.String({ description: 'The rule that would refuse it.' }),
        detail: Type.String(),
      }),
      { description: 'Links that work and would not any more.' },
    ),
    examined: Type.Integer({ description: 'Living links that were looked at for this page.' }),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
    requests: Type.Union([RequestsPreviewSchema, Type.Null()], {
      description: 'With the first page; null on those behind it.',
    }),
  }),
)

export const ChangesQuery = {
  limit: Type.Optional(Limit),
  cursor: Type.Optional(Cursor),
}

/** The version before which a page begins. */
export function readBefore(cursor: string | undefined): number | null {
  const text = parseCursor(cursor)
  if (text === '') return null
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw refusal('field-invalid', {
    field: 'cursor',
    reason: 'it is not a cursor that this server gave out',
  })
}

/** What was forgotten takes no policy away. */
export function readPolicy(body: Static<typeof PolicyRequest>): PolicyWish {
  const { preset, policy, reason = null } = body
  if (preset === undefined && policy === undefined) {
    throw refusal('field-invalid', {
      field: 'policy',
      reason: 'it is missing, and so is preset; {} takes away every line',
    })
  }
  return { preset, policy: policy ?? {}, reason }
}

export function viewPolicy(view: View): Static<typeof PolicyViewSchema> {
  const { path, policy, lines, quotas, change } = view
  return {
    path,
    policy,
    lines: Object.fromEntries(lines.map((line) => [line.line, viewLine(line)])),
    quotas: quotas.map(({ path: from, maxBytes: maxTotalBytes, maxFiles, used }) => ({
      from,
      maxTotalBytes,
      maxFiles,
      usedBytes: used.bytes,
      usedFiles: used.files,
    })),
    version: change?.version ?? 0,
    changedAt: change === null ? null : formatTime(change.changedAt),
    changedBy: byOrNull(change),
    reason: change?.reason ?? null,
  }
}

function viewLine({ value, from }: EffectiveLine): { value: unknown; from: string | null } {
  return { value, from: from === '' ? 'instance' : from }
}

function byOrNull(change: FolderChangeRecord | null): string | null {
  return change === null || change.changedBy === '' ? null : change.changedBy
}

export function viewPolicyChanges(
  changes: readonly FolderChangeRecord[],
  limit: number,
): Static<typeof PolicyChangesSchema> {
  const last = changes.length < limit ? null : (changes.at(-1)?.version ?? null)
  return {
    changes: changes.map((change) => ({
      version: change.version,
      visibility: change.visibility,
      policy: change.policy,
      removed: change.isRemoval,
      changedAt: formatTime(change.changedAt),
      changedBy: byOrNull(change),
      reason: change.reason,
    })),
    nextCursor: formatCursor(last === null || last === 1 ? null : String(last)),
  }
}

export function viewPolicyPreview(
  { refused, examined, next }: PolicyPreview,
  requests: RequestsPreview | null,
): Static<typeof PolicyPreviewSchema> {
  return {
    refused: refused.map(({ grant, rule, refusal }) => ({
      id: grant.id,
      path: formatPath(grant),
      method: grant.method,
      expiresAt: formatTime(grant.expiresAt),
      createdBy: grant.createdBy,
      rule,
      detail: refusal.message,
    })),
    examined,
    nextCursor: formatCursor(next),
    requests: requests === null ? null : viewRequests(requests),
  }
}

function viewRequests({
  since,
  refused,
  examined,
  unjudged,
  isComplete,
}: RequestsPreview): Static<typeof RequestsPreviewSchema> {
  return {
    since: formatTime(since),
    refused: refused.map(({ grant, requests, lastAt, rule, refusal }) => ({
      link: grant.id,
      path: formatPath(grant),
      requests,
      lastAt: formatTime(lastAt),
      rule,
      detail: refusal.message,
    })),
    examined,
    unjudged,
    complete: isComplete,
  }
}
