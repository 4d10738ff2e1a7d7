/** Ids of uploads for stores that have none of their own: something nobody can guess, and what is to be kept with the object. */
import type { Random } from '../../platform/random.ts'
import type { StoredHeaders } from '../object-store.ts'

export interface OwnUpload {
  readonly nonce: string
  readonly headers: StoredHeaders
}

const NONCE_BYTES = 12
const NONCE = /^[\w-]{16}$/

export function createUploadId(headers: StoredHeaders, random: Random): string {
  const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString('base64url')
  return `${nonce}.${Buffer.from(JSON.stringify(headers)).toString('base64url')}`
}

/** `null` for what `createUploadId` did not make. */
export function readUploadId(uploadId: string): OwnUpload | null {
  const [nonce = '', kept = ''] = uploadId.split('.')
  if (!NONCE.test(nonce)) return null
  try {
    const headers = JSON.parse(Buffer.from(kept, 'base64url').toString('utf8')) as StoredHeaders
    return { nonce, headers }
  } catch {
    return null
  }
}

/** When a part was sent, then letters at random: of two with one number the later one counts. */
export const PART_ETAG = /^[0-9a-z]{9}[\w-]{8}$/

export function createPartEtag(nowMs: number, random: Random): string {
  const time = nowMs.toString(36).padStart(9, '0')
  return `${time}${Buffer.from(random.bytes(6)).toString('base64url')}`
}
