/**
 * Uploads in parts. Azure has none by a name of their own: what it has are blocks of a blob, each under a name, which nobody sees before a list of
 * them makes the blob. Whose a block is, and which part, is said by its name, and what is kept with the object by the id of the upload. All names have the same
 * length, as they must have for one blob. Blocks that no list names go when another list makes the blob, or after a week.
 */
import type { StoredHeaders, StoredPart } from '../object-store.ts'
import type { Random } from '../../platform/random.ts'

export interface BlockUpload {
  /** In the name of every block. */
  readonly nonce: string
  readonly headers: StoredHeaders
}

const NONCE_BYTES = 12
const NONCE = /^[\w-]{16}$/
const NUMBER_DIGITS = 5
/** When the part was sent, then letters at random: of two with one number the later one counts. */
const TIME_LETTERS = 9
const ETAG = /^[0-9a-z]{9}[\w-]{8}$/
const BLOCK = /^([\w-]{16})(\d{5})([0-9a-z]{9}[\w-]{8})$/

export function createUploadId(headers: StoredHeaders, random: Random): string {
  const nonce = Buffer.from(random.bytes(NONCE_BYTES)).toString('base64url')
  return `${nonce}.${Buffer.from(JSON.stringify(headers)).toString('base64url')}`
}

/** `null` for what `createUploadId` did not make. */
export function readUploadId(uploadId: string): BlockUpload | null {
  const [nonce = '', kept = ''] = uploadId.split('.')
  if (!NONCE.test(nonce)) return null
  try {
    const headers = JSON.parse(Buffer.from(kept, 'base64url').toString('utf8')) as StoredHeaders
    return { nonce, headers }
  } catch {
    return null
  }
}

export function createPartEtag(nowMs: number, random: Random): string {
  const time = nowMs.toString(36).padStart(TIME_LETTERS, '0')
  return `${time}${Buffer.from(random.bytes(6)).toString('base64url')}`
}

/** As it stands in requests, in base64. `null` for a part that was never sent. */
export function blockIdOf(
  { nonce }: Pick<BlockUpload, 'nonce'>,
  { number, etag }: Pick<StoredPart, 'number' | 'etag'>,
): string | null {
  if (!ETAG.test(etag)) return null
  const text = `${nonce}${String(number).padStart(NUMBER_DIGITS, '0')}${etag}`
  return Buffer.from(text).toString('base64')
}

export interface Block {
  readonly id: string
  readonly size: number
}

/** The parts of one upload among the blocks of a blob, in the order of their numbers, each as it was sent last. */
export function partsAmong(blocks: readonly Block[], { nonce }: BlockUpload): StoredPart[] {
  const latest = new Map<number, StoredPart>()
  for (const { id, size } of blocks) {
    const [, whose, digits, etag = ''] =
      BLOCK.exec(Buffer.from(id, 'base64').toString('latin1')) ?? []
    if (whose !== nonce) continue
    const number = Number(digits)
    const other = latest.get(number)
    if (other === undefined || other.etag < etag) latest.set(number, { number, etag, size })
  }
  return [...latest.values()].toSorted((a, b) => a.number - b.number)
}
