/** Keys as clients see them, and what they are made with. A secret is in no view. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { ACTIONS } from '../../../catalog/records.ts'
import type { AccessKeyRecord, Action, ApiKeyRecord, KeyScope } from '../../../catalog/records.ts'
import { MAX_EXPIRES_SECONDS } from '../../../platform/s3-limits.ts'
import type { PersonFacts, Principal } from '../../../core/identity.ts'
import type { UserFacts } from '../../../core/users/user-tokens.ts'
import {
  Cidrs,
  Id,
  Name,
  Time,
  formatTime,
  formatTimeOrNull,
  named,
  strictObject,
} from '../schemas.ts'

const Actions = Type.Array(Type.Unsafe<Action>({ type: 'string', enum: [...ACTIONS] }), {
  minItems: 1,
  maxItems: ACTIONS.length,
  uniqueItems: true,
  description: 'What the key may do.',
})

/** What the bodies of key creation share. */
export const scopeProperties = {
  name: Name,
  actions: Actions,
  pathPrefix: Type.Optional(Type.String({ maxLength: 1100 })),
  cidrs: Type.Optional(Cidrs),
  expiresAt: Type.Optional(Time),
}

export const MaxExpiresIn = Type.Integer({ minimum: 1, maximum: MAX_EXPIRES_SECONDS })

const MaxTotalBytes = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Bytes that may lie there in all, with old versions and parts of open uploads.',
})
const MaxFiles = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Files that may lie there in all.',
})

/** Of keys that are kept. */
export const QuotaWish = Type.Optional(
  strictObject(
    { maxTotalBytes: Type.Optional(MaxTotalBytes), maxFiles: Type.Optional(MaxFiles) },
    'What may lie there of all that is stored with the key, and by links it issues. A key made with one that has a quota shares its room.',
  ),
)

/** Of a key that has one of its own. */
export const QuotaChangeWish = Type.Object(
  {
    maxTotalBytes: Type.Optional(Type.Union([MaxTotalBytes, Type.Null()])),
    maxFiles: Type.Optional(Type.Union([MaxFiles, Type.Null()])),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'What is not named stays as it is; `null` is any number, and is counted on.',
  },
)

const QuotaSchema = strictObject(
  {
    keyId: Id,
    maxTotalBytes: Type.Union([MaxTotalBytes, Type.Null()]),
    maxFiles: Type.Union([MaxFiles, Type.Null()]),
  },
  'How much may lie there of what was stored with the key `keyId`, and with those that share its room.',
)

const keyProperties = {
  id: Id,
  name: Type.String(),
  actions: Actions,
  pathPrefix: Type.String({
    description: "'' for everything, else `bucket/` or `bucket/prefix/`.",
  }),
  cidrs: Type.Array(Type.String()),
  quota: Type.Union([QuotaSchema, Type.Null()]),
  createdAt: Time,
  createdBy: Type.String(),
  expiresAt: Type.Union([Time, Type.Null()]),
  revokedAt: Type.Union([Time, Type.Null()]),
  lastUsedAt: Type.Union([Time, Type.Null()], { description: 'To the minute; null: never.' }),
}
const accessKeyProperties = {
  ...keyProperties,
  maxExpiresIn: Type.Integer({ description: 'Seconds a URL presigned with it may live.' }),
  mayPresignDelete: Type.Boolean(),
  disabledAt: Type.Union([Time, Type.Null()], { description: 'Since when it is switched off.' }),
}

export const ApiKeySchema = named('ApiKey', strictObject(keyProperties, 'A key of this API.'))
export const CallingKeySchema = named(
  'CallingKey',
  strictObject(
    {
      ...keyProperties,
      quotaUsed: Type.Union(
        [strictObject({ bytes: Type.Integer(), files: Type.Integer() }), Type.Null()],
        { description: 'How much of its quota is taken; null for a key without one.' },
      ),
    },
    'The key that is calling.',
  ),
)
export const UserSchema = named(
  'EndUser',
  strictObject(
    {
      id: Id,
      subject: Type.String({ description: 'The `sub` of the token.' }),
      rights: Type.Array(
        strictObject({
          path: Type.String({ description: 'A file, or a folder with all below: `acme/**`.' }),
          actions: Type.Array(Type.String()),
        }),
      ),
      expiresAt: Time,
    },
    'The end user whose token is calling, and what the rules say for them.',
  ),
)
export const PersonSchema = named(
  'Person',
  strictObject(
    {
      id: Id,
      subject: Type.String({ description: 'The `sub` that the provider gives them.' }),
      name: Type.String(),
      issuer: Type.String({ description: 'The provider.' }),
      groups: Type.Array(Type.String(), { description: 'Those that the settings know.' }),
      actions: Actions,
      pathPrefix: Type.String(),
      expiresAt: Time,
    },
    'Somebody who signed in to the console with OpenID Connect.',
  ),
)
export const CreatedApiKeySchema = named(
  'CreatedApiKey',
  strictObject(
    { ...keyProperties, key: Type.String({ description: 'The key itself, shown this once.' }) },
    'The key, with its secret.',
  ),
)
export const AccessKeySchema = named(
  'AccessKey',
  strictObject(accessKeyProperties, 'An S3 key pair.'),
)
export const CreatedAccessKeySchema = named(
  'CreatedAccessKey',
  strictObject(
    {
      ...accessKeyProperties,
      secretAccessKey: Type.String({ description: 'The secret, shown this once.' }),
    },
    'The key pair, with its secret.',
  ),
)
export const SigningKeySchema = named(
  'SigningKey',
  strictObject(
    {
      id: Id,
      state: Type.Union([
        Type.Literal('active'),
        Type.Literal('retiring'),
        Type.Literal('retired'),
      ]),
      createdAt: Time,
      createdBy: Type.String(),
      rotatedAt: Type.Union([Time, Type.Null()], {
        description: 'When another one took over: what it signed before then still verifies.',
      }),
      revokedAt: Type.Union([Time, Type.Null()]),
    },
    'A key the server signs its own links with. The active one signs; retiring ones verify what they signed, retired ones nothing.',
  ),
)

export function viewApiKey(key: ApiKeyRecord): Static<typeof ApiKeySchema> {
  return viewKey(key)
}

export function viewAccessKey(key: AccessKeyRecord): Static<typeof AccessKeySchema> {
  const { maxExpiresInSeconds, mayPresignDelete, disabledAt } = key
  return {
    ...viewKey(key),
    maxExpiresIn: maxExpiresInSeconds,
    mayPresignDelete,
    disabledAt: formatTimeOrNull(disabledAt),
  }
}

export function viewSigningKey(key: AccessKeyRecord): Static<typeof SigningKeySchema> {
  const { id, state, createdAt, createdBy, rotatedAt, revokedAt } = key
  return {
    id,
    // One that was ended verifies nothing, however long it would have gone on retiring.
    state: revokedAt === null ? state : 'retired',
    createdAt: formatTime(createdAt),
    createdBy,
    rotatedAt: formatTimeOrNull(rotatedAt),
    revokedAt: formatTimeOrNull(revokedAt),
  }
}

function viewKey(key: ApiKeyRecord | AccessKeyRecord): Static<typeof ApiKeySchema> {
  return {
    id: key.id,
    name: key.name,
    actions: [...key.scope.actions],
    pathPrefix: key.scope.pathPrefix,
    cidrs: [...key.scope.cidrs],
    quota: viewQuota(key.scope),
    createdAt: formatTime(key.createdAt),
    createdBy: key.createdBy,
    expiresAt: formatTimeOrNull(key.expiresAt),
    revokedAt: formatTimeOrNull(key.revokedAt),
    lastUsedAt: formatTimeOrNull(key.lastUsedAt),
  }
}

export function viewPerson(
  { id, scope }: Principal,
  { subject, name, issuer, groups, expiresAt }: PersonFacts,
): Static<typeof PersonSchema> {
  return {
    id,
    subject,
    name,
    issuer,
    groups: [...groups],
    actions: [...scope.actions],
    pathPrefix: scope.pathPrefix,
    expiresAt: formatTime(expiresAt),
  }
}

function viewQuota({ quota }: KeyScope): Static<typeof QuotaSchema> | null {
  if (quota === undefined) return null
  const { keyId, maxBytes: maxTotalBytes, maxFiles } = quota
  return { keyId, maxTotalBytes, maxFiles }
}

export function viewUser(user: UserFacts): Static<typeof UserSchema> {
  const { userId: id, subject, rights, expiresAt } = user
  return {
    id,
    subject,
    rights: rights.map(({ place, isFolder, actions }) => ({
      path: isFolder ? `${place}**` : place,
      actions: [...actions],
    })),
    expiresAt: formatTime(expiresAt),
  }
}
