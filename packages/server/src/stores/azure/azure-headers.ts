/** What is kept with an object, as headers of a request and of an answer. */
import type { StoredHead, StoredHeaders, WriteCondition } from '../object-store.ts'
import { bareEtag, decodeHeaderText, encodeHeaderText, readDate } from '../send/header-text.ts'
import type { StoreAnswer } from '../send/store-answer.ts'

const METADATA = 'x-ms-meta-'

/** Those to write an object with. */
export function headersToWrite(headers: StoredHeaders): Record<string, string> {
  const named = {
    'x-ms-blob-content-type': headers.contentType,
    'x-ms-blob-content-disposition': headers.contentDisposition,
    'x-ms-blob-content-encoding': headers.contentEncoding,
    'x-ms-blob-content-language': headers.contentLanguage,
    'x-ms-blob-cache-control': headers.cacheControl,
  }
  const written: Record<string, string> = {}
  for (const [name, value] of Object.entries(named)) {
    if (value !== null) written[name] = encodeHeaderText(value)
  }
  for (const [name, value] of Object.entries(headers.metadata)) {
    written[METADATA + encodeName(name)] = encodeHeaderText(value)
  }
  return written
}

/** What an answer says of the object. */
export function readHead(key: string, size: number, answer: StoreAnswer): StoredHead {
  const { header, headersBelow } = answer
  const text = (name: string): string | null => {
    const value = header(name)
    return value === null || value === '' ? null : decodeHeaderText(value)
  }
  const metadata = Object.entries(headersBelow(METADATA)).map(([name, value]) => [
    decodeName(name),
    decodeHeaderText(value),
  ])
  return {
    key,
    size,
    etag: bareEtag(header('etag') ?? ''),
    modifiedAt: readDate(header('last-modified')),
    versionId: header('x-ms-version-id'),
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

/** Names of metadata are those of C#: any other character is written by its number, the way Microsoft's XML library does it. */
function encodeName(name: string): string {
  return name
    .replaceAll(/_(?=x[0-9a-f]{4}_)/g, '_x005f_')
    .replaceAll(/[^a-z0-9_]|^[0-9]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0')
      return `_x${code}_`
    })
}

function decodeName(name: string): string {
  return name.replaceAll(/_x([0-9a-f]{4})_/g, (_whole, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}
