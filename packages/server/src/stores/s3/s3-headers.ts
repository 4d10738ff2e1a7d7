/** What is kept with an object, as headers of a request and of an answer. */
import type { StoredHead, StoredHeaders } from '../object-store.ts'
import { readHeaders, writeHeaders } from '../send/object-headers.ts'
import type { HeaderNames } from '../send/object-headers.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { S3Location } from './s3-location.ts'

const NAMES: HeaderNames = {
  writing: '',
  metadata: 'x-amz-meta-',
  versionId: 'x-amz-version-id',
  encodeName: (name) => name,
  decodeName: (name) => name,
}

/** Those to write an object with. */
export function headersToWrite(
  headers: StoredHeaders,
  location: S3Location,
): Record<string, string> {
  return { ...placement(location), ...writeHeaders(NAMES, headers) }
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
  return readHeaders(NAMES, { key, size }, answer)
}
