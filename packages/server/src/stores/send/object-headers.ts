/** What is kept with an object, and what must be so for a write, as headers: stores differ in names alone. */
import type { StoredHead, StoredHeaders, WriteCondition } from '../object-store.ts'
import { bareEtag, decodeHeaderText, encodeHeaderText, readDate } from './header-text.ts'
import type { StoreAnswer } from './store-answer.ts'

export interface HeaderNames {
  /** In front of those that describe what is written. */
  readonly writing: string
  readonly metadata: string
  readonly versionId: string
  /** How a name of metadata is spelled there, and the way back. */
  readonly encodeName: (name: string) => string
  readonly decodeName: (name: string) => string
}

/** Those to write an object with. */
export function writeHeaders(
  { writing, metadata, encodeName }: HeaderNames,
  headers: StoredHeaders,
): Record<string, string> {
  const named = {
    'content-type': headers.contentType,
    'content-disposition': headers.contentDisposition,
    'content-encoding': headers.contentEncoding,
    'content-language': headers.contentLanguage,
    'cache-control': headers.cacheControl,
  }
  const written: Record<string, string> = {}
  for (const [name, value] of Object.entries(named)) {
    if (value !== null) written[writing + name] = encodeHeaderText(value)
  }
  for (const [name, value] of Object.entries(headers.metadata)) {
    written[metadata + encodeName(name)] = encodeHeaderText(value)
  }
  return written
}

/** What an answer says of the object. */
export function readHeaders(
  names: HeaderNames,
  { key, size }: Pick<StoredHead, 'key' | 'size'>,
  { header, headersBelow }: StoreAnswer,
): StoredHead {
  const text = (name: string): string | null => {
    const value = header(name)
    return value === null || value === '' ? null : decodeHeaderText(value)
  }
  const metadata = Object.entries(headersBelow(names.metadata)).map(([name, value]) => [
    names.decodeName(name),
    decodeHeaderText(value),
  ])
  return {
    key,
    size,
    etag: bareEtag(header('etag') ?? ''),
    modifiedAt: readDate(header('last-modified')),
    versionId: header(names.versionId),
    contentType: text('content-type'),
    contentDisposition: text('content-disposition'),
    contentEncoding: text('content-encoding'),
    contentLanguage: text('content-language'),
    cacheControl: text('cache-control'),
    metadata: Object.fromEntries(metadata) as Record<string, string>,
  }
}

/** What must be so for a write to happen. */
export function conditionHeaders(condition: WriteCondition | null): Record<string, string> {
  if (condition === null) return {}
  return condition.kind === 'absent'
    ? { 'if-none-match': '*' }
    : { 'if-match': `"${condition.etag}"` }
}
