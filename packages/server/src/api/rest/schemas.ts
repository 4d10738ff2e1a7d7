/** The JSON shapes that several operations share. They validate, and they are the OpenAPI document. */
import { Type } from 'typebox'
import type { TArray, TInteger, TObject, TOptional, TSchema, TString, TUnsafe } from 'typebox'
import { ACTIONS } from '../../catalog/records.ts'
import type { Action } from '../../catalog/records.ts'
import { MAX_EXPIRES_SECONDS, MAX_LIST_ENTRIES, MAX_PUT_BYTES } from '../../core/limits.ts'

const STRICT = { additionalProperties: false } as const
export const DEFAULT_PAGE = 100

/** An object that takes the properties named and no others. */
export function strictObject<Properties extends Record<string, TSchema>>(
  properties: Properties,
  description?: string,
): TObject<Properties> {
  return Type.Object(properties, description === undefined ? STRICT : { ...STRICT, description })
}

export const Id: TString = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,128}$',
  description: 'An id.',
})
export const Time: TString = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.' })
export const IdParams: TObject<{ id: TString }> = strictObject({ id: Id })

export const Limit: TInteger = Type.Integer({
  minimum: 1,
  maximum: MAX_LIST_ENTRIES,
  description: `Entries on a page; ${DEFAULT_PAGE} unless said otherwise.`,
})
export const Cursor: TString = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: '`nextCursor` of the page before.',
})
/** Larger than any limit of ours: the rules of the domain, which say more, refuse what lies between. */
export const Seconds: TInteger = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })
export const Bytes: TInteger = Type.Integer({ minimum: 0, maximum: MAX_PUT_BYTES })
export const Name: TString = Type.String({ minLength: 1, maxLength: 200 })
export const Path: TString = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: '`bucket/folder/file.txt`: the first segment is the bucket.',
})
export const Cidrs: TArray<TString> = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: 32,
  description: 'IP addresses or CIDR ranges.',
})

export const VisibilitySchema: TSchema = Type.Union([
  Type.Literal('public'),
  Type.Literal('private'),
])

export const FileSchema: TSchema = strictObject(
  {
    id: Id,
    path: Type.String({ description: 'Bucket and key.' }),
    name: Type.String({ description: 'The last part of the path.' }),
    size: Type.Integer({ description: 'Bytes.' }),
    contentType: Type.String(),
    etag: Type.String({ description: 'MD5 of the bytes, hex, as S3 has it without quotes.' }),
    sha256: Type.String({ description: 'Hex.' }),
    metadata: Type.Record(Type.String(), Type.String()),
    visibility: VisibilitySchema,
    createdAt: Time,
    modifiedAt: Time,
    signedUrl: Type.Optional(
      Type.String({ description: 'Private files: fetches the file until `expiresAt`.' }),
    ),
    expiresAt: Type.Optional(Time),
    url: Type.Optional(Type.String({ description: 'Public files: fetches the file.' })),
  },
  'A file.',
)

export const FolderSchema: TSchema = strictObject(
  {
    path: Type.String(),
    visibility: VisibilitySchema,
    inheritedFrom: Type.Union([Type.String(), Type.Null()], {
      description: 'The folder whose setting holds here; null if it is its own, or the default.',
    }),
    policy: strictObject({
      maxDownloadSeconds: Type.Optional(Seconds),
      maxUploadSeconds: Type.Optional(Seconds),
      maxBytes: Type.Optional(Bytes),
    }),
    updatedAt: Type.Union([Time, Type.Null()]),
  },
  'What holds in a folder.',
)

export const LinkSchema: TSchema = strictObject(
  {
    id: Id,
    method: Type.Union([Type.Literal('GET'), Type.Literal('PUT')]),
    path: Type.String(),
    createdAt: Time,
    createdBy: Type.String(),
    expiresAt: Time,
    reason: Type.Union([Type.String(), Type.Null()]),
    maxUses: Type.Union([Type.Integer(), Type.Null()]),
    uses: Type.Integer(),
    maxBytes: Type.Union([Type.Integer(), Type.Null()]),
    contentTypes: Type.Array(Type.String()),
    revokedAt: Type.Union([Time, Type.Null()]),
  },
  'A link that was issued. Its URL was shown once and is not kept.',
)

export const Actions: TArray<TUnsafe<Action>> = Type.Array(
  Type.Unsafe<Action>({ type: 'string', enum: [...ACTIONS] }),
  {
    minItems: 1,
    maxItems: ACTIONS.length,
    uniqueItems: true,
    description: 'What the key may do.',
  },
)

const keyProperties = {
  id: Id,
  name: Type.String(),
  actions: Actions,
  pathPrefix: Type.String({
    description: "'' for everything, else `bucket/` or `bucket/prefix/`.",
  }),
  cidrs: Type.Array(Type.String()),
  createdAt: Time,
  createdBy: Type.String(),
  expiresAt: Type.Union([Time, Type.Null()]),
  revokedAt: Type.Union([Time, Type.Null()]),
}

export const ApiKeySchema: TSchema = strictObject(keyProperties, 'A key of this API.')
export const CreatedApiKeySchema: TSchema = strictObject(
  { ...keyProperties, key: Type.String({ description: 'The key itself, shown this once.' }) },
  'The key, with its secret.',
)

const accessKeyProperties = {
  ...keyProperties,
  maxExpiresIn: Type.Integer({ description: 'Seconds a URL presigned with it may live.' }),
  mayPresignDelete: Type.Boolean(),
}

export const AccessKeySchema: TSchema = strictObject(accessKeyProperties, 'An S3 key pair.')
export const CreatedAccessKeySchema: TSchema = strictObject(
  {
    ...accessKeyProperties,
    secretAccessKey: Type.String({ description: 'The secret, shown this once.' }),
  },
  'The key pair, with its secret.',
)

export const SigningKeySchema: TSchema = strictObject(
  {
    id: Id,
    state: Type.Union([Type.Literal('active'), Type.Literal('retiring'), Type.Literal('retired')]),
    createdAt: Time,
    createdBy: Type.String(),
    revokedAt: Type.Union([Time, Type.Null()]),
  },
  'A key the server signs its own links with. The active one signs; retiring ones verify what they signed.',
)

/** The scope that the bodies of key creation share. */
export const scopeProperties: {
  name: TString
  actions: TArray<TUnsafe<Action>>
  pathPrefix: TOptional<TString>
  cidrs: TOptional<TArray<TString>>
  expiresAt: TOptional<TString>
} = {
  name: Name,
  actions: Actions,
  pathPrefix: Type.Optional(Type.String({ maxLength: 1100 })),
  cidrs: Type.Optional(Cidrs),
  expiresAt: Type.Optional(Time),
}

export const MaxExpiresIn: TInteger = Type.Integer({ minimum: 1, maximum: MAX_EXPIRES_SECONDS })

/** `{ …: [entry], nextCursor }`. */
export function pageOf(name: string, entry: TSchema): TSchema {
  return strictObject({
    [name]: Type.Array(entry),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Null on the last page.' }),
  })
}

export const ProblemSchema: TSchema = Type.Object(
  {
    type: Type.String({ description: 'Its last segment is the code.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    field: Type.Optional(Type.String({ description: 'What is to blame, if one thing is.' })),
  },
  { description: 'A problem document (RFC 9457).' },
)
