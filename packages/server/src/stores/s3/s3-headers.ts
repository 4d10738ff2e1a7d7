/** What is kept with an object, as headers of a request and of an answer. */
import type { StoredHead, StoredHeaders } from '../object-store.ts'
import { bareEtag, decodeHeaderText, encodeHeaderText, readDate } from '../send/header-text.ts'
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
    if (value !== null) written[name] = encodeHeaderText(value)
  }
  for (const [name, value] of Object.entries(headers.metadata)) {
    written[METADATA + name] = encodeHeaderText(value)
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
    return value === null || value === '' ? null : decodeHeaderText(value)
  }
  const metadata = Object.entries(headersBelow(METADATA)).map(([name, value]) => [
    name,
    decodeHeaderText(value),
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
