/** What is kept with an object, as headers of a request and of an answer. */
import type { StoredHead, StoredHeaders } from '../object-store.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { S3Location } from './s3-location.ts'

const METADATA = 'x-amz-meta-'

/** Those to write an object with. */
export function headersToWrite(
  headers: StoredHeaders,
  location: S3Location,
): Record<string, string> {
  const named = {
    'content-type': headers.contentType,
    'content-disposition': headers.contentDisposition,
    'content-encoding': headers.contentEncoding,
    'content-language': headers.contentLanguage,
    'cache-control': headers.cacheControl,
  }
  const written: Record<string, string> = { ...placement(location) }
  for (const [name, value] of Object.entries(named)) {
    if (value !== null) written[name] = encodeValue(value)
  }
  for (const [name, value] of Object.entries(headers.metadata)) {
    written[METADATA + name] = encodeValue(value)
  }
  return written
}

/** Where and under which key of the store's own the bytes rest. */
function placement({ storageClass, encryption }: S3Location): Record<string, string> {
  const headers: Record<string, string> = {}
  if (storageClass !== null) headers['x-amz-storage-class'] = storageClass
  if (encryption === null) return headers
  const [, algorithm = encryption, keyId] =
    /^(AES256|aws:kms:dsse|aws:kms)(?::(.+))?$/.exec(encryption) ?? []
  headers['x-amz-server-side-encryption'] = algorithm
  if (keyId !== undefined) headers['x-amz-server-side-encryption-aws-kms-key-id'] = keyId
  return headers
}

/** What an answer says of the object. */
export function readHead(key: string, size: number, answer: StoreAnswer): StoredHead {
  const { header, headersBelow } = answer
  const text = (name: string): string | null => {
    const value = header(name)
    return value === null || value === '' ? null : decodeValue(value)
  }
  const metadata = Object.entries(headersBelow(METADATA)).map(([name, value]) => [
    name,
    decodeValue(value),
  ])
  return {
    key,
    size,
    etag: bareEtag(header('etag') ?? ''),
    modifiedAt: readDate(header('last-modified')),
    versionId: header('x-amz-version-id'),
    contentType: text('content-type'),
    contentDisposition: text('content-disposition'),
    contentEncoding: text('content-encoding'),
    contentLanguage: text('content-language'),
    cacheControl: text('cache-control'),
    metadata: Object.fromEntries(metadata) as Record<string, string>,
  }
}

export function bareEtag(etag: string): string {
  return etag.replace(/^(?:W\/)?"?/, '').replace(/"$/, '')
}

/** 0 where there is none that can be read. */
export function readDate(text: string | null): number {
  const ms = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? 0 : ms
}

/** Headers carry ASCII: anything else goes as an encoded word, the way S3 itself hands it out [RFC2047 2]. */
function encodeValue(value: string): string {
  return /^[\x20-\x7e\t]*$/.test(value) && !value.startsWith('=?')
    ? value
    : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`
}

const ENCODED_WORD = /=\?UTF-8\?([BQ])\?([^?]*)\?=(?:\s+(?==\?UTF-8\?))?/gi

function decodeValue(value: string): string {
  return readUtf8(value).replaceAll(ENCODED_WORD, (_whole, form: string, text: string) =>
    form.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString('utf8') : decodeQ(text),
  )
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Some stores send UTF-8 as it is, of which a character a byte arrives here. */
function readUtf8(value: string): string {
  if (!/[\u0080-\u00FF]/.test(value) || /[^\0-\u00FF]/.test(value)) return value
  try {
    return utf8.decode(Buffer.from(value, 'latin1'))
  } catch {
    return value
  }
}

function decodeQ(text: string): string {
  const bytes = text
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_whole, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
