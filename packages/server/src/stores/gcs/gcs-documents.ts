/** The JSON that Google answers with, and what is kept with an object in it. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { StoredHead, StoredHeaders, WriteCondition } from '../object-store.ts'
import { readDate } from '../send/header-text.ts'
import type { StoreAnswer } from '../send/store-answer.ts'

const UNKNOWN_TYPE = 'application/octet-stream'

/** `null` for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/** `undefined` for what is no object, or has no such member. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

/** The document of an answer, which says that it is of this kind. */
export function readDocument(store: string, { text }: StoreAnswer, kind: string): unknown {
  const document = parseJson(text ?? '')
  if (memberOf(document, 'kind') === `storage#${kind}`) return document
  throw storeUnavailable(`${store} answers with JSON that is no ${kind}.`)
}

export function listOf(value: unknown, name: string): readonly unknown[] {
  const member = memberOf(value, name)
  return Array.isArray(member) ? (member as unknown[]) : []
}

export function textOf(value: unknown, name: string): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : ''
}

/** What is said of an object whose name begins with `own`. Its generation, which every write changes, stands for an ETag. */
export function readResource(store: string, resource: unknown, own: string): StoredHead {
  const name = textOf(resource, 'name')
  const size = textOf(resource, 'size')
  const etag = textOf(resource, 'generation')
  if (!name.startsWith(own) || !/^\d{1,15}$/.test(size) || !/^\d{1,20}$/.test(etag)) {
    throw storeUnavailable(`${store} says of an object neither name, size nor generation.`)
  }
  const text = (member: string): string | null => textOf(resource, member) || null
  const metadata = Object.entries(memberOf(resource, 'metadata') ?? {}).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key.toLowerCase(), value] as const] : [],
  )
  return {
    key: name.slice(own.length),
    size: Number(size),
    etag,
    modifiedAt: readDate(textOf(resource, 'timeCreated')),
    versionId: null,
    contentType: text('contentType'),
    contentDisposition: text('contentDisposition'),
    contentEncoding: text('contentEncoding'),
    contentLanguage: text('contentLanguage'),
    cacheControl: text('cacheControl'),
    metadata: Object.fromEntries(metadata),
  }
}

/** What is kept with an object, to write it with. */
export function resourceOf(headers: StoredHeaders): Record<string, unknown> {
  const { contentType, contentDisposition, contentEncoding } = headers
  const { contentLanguage, cacheControl, metadata } = headers
  const named = {
    contentType: contentType ?? UNKNOWN_TYPE,
    contentDisposition,
    contentEncoding,
    contentLanguage,
    cacheControl,
  }
  const said = Object.entries(named).filter(([, value]) => value !== null)
  return { ...Object.fromEntries(said), metadata }
}

/** The type as a header of the bytes themselves, which the resource says too. */
export function mediaTypeOf({ contentType }: Pick<StoredHeaders, 'contentType'>): string {
  return contentType !== null && /^[\x20-\x7e]+$/.test(contentType) ? contentType : UNKNOWN_TYPE
}

/** What must be so for a write to happen. */
export function conditionQuery(condition: WriteCondition | null): Record<string, string> {
  if (condition === null) return {}
  return { ifGenerationMatch: condition.kind === 'absent' ? '0' : condition.etag }
}

export function jsonBody(value: unknown): { readonly kind: 'bytes'; readonly bytes: Uint8Array } {
  return { kind: 'bytes', bytes: Buffer.from(JSON.stringify(value)) }
}

export const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const
