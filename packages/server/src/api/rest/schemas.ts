/** The JSON shapes that several operations share. They validate, and they are the OpenAPI document. */
import { Type } from 'typebox'
import type { TObject, TSchema } from 'typebox'
import { MAX_LIST_ENTRIES } from '../../core/limits.ts'
import { MAX_PUT_BYTES } from '../../platform/s3-limits.ts'

const STRICT = { additionalProperties: false } as const
export const DEFAULT_PAGE = 100

/** An object that takes the properties named and no others. */
export function strictObject<Properties extends Record<string, TSchema>>(
  properties: Properties,
  description?: string,
): TObject<Properties> {
  return Type.Object(properties, description === undefined ? STRICT : { ...STRICT, description })
}

/** Gives a schema the name under which the OpenAPI document has it, once; clients call their types so. */
export function named<Schema extends TSchema>(name: string, schema: Schema): Schema {
  return Object.assign(schema, { title: name })
}

export const Id = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,2000}$',
  description: 'An id.',
})
export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.' })
export const IdParams = strictObject({ id: Id })

export const Limit = Type.Integer({
  minimum: 1,
  maximum: MAX_LIST_ENTRIES,
  description: `Entries on a page; ${DEFAULT_PAGE} unless said otherwise.`,
})
export const Cursor = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: '`nextCursor` of the page before.',
})
/** Larger than any limit of ours: the rules of the domain, which say more, refuse what lies between. */
export const Seconds = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })
export const Bytes = Type.Integer({ minimum: 0, maximum: MAX_PUT_BYTES })
export const Name = Type.String({ minLength: 1, maxLength: 200 })
export const Path = Type.String({
  minLength: 1,
  maxLength: 4096,
  description: '`bucket/folder/file.txt`: the first segment is the bucket.',
})
export const Cidrs = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
  maxItems: 32,
  description: 'IP addresses or CIDR ranges.',
})

export const DispositionSchema = Type.Union([Type.Literal('attachment'), Type.Literal('inline')], {
  description:
    'Downloads: whether a browser saves the file, as it does unless said otherwise, or shows it. Types that could run as a page are saved all the same.',
})

export const VisibilitySchema = Type.Union([Type.Literal('public'), Type.Literal('private')])

/** `{ …: [entry], nextCursor }`. */
export function pageOf(name: string, entry: TSchema): TSchema {
  return strictObject({
    [name]: Type.Array(entry),
    nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Null on the last page.' }),
  })
}

/** As every time in an answer. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString()
}

export function formatTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : formatTime(ms)
}
