/**
 * Uploads in parts. Azure has none by a name of their own: what it has are blocks of a blob, each under a name, which nobody sees before a list of
 * them makes the blob. Whose a block is, and which part, is said by its name, and what is kept with the object by the id of the upload. All names have the same
 * length, as they must have for one blob. Blocks that no list names go when another list makes the blob, or after a week.
 */
import type { StoredPart } from '../object-store.ts'
import { PART_ETAG } from '../send/upload-ids.ts'
import type { OwnUpload } from '../send/upload-ids.ts'

const NUMBER_DIGITS = 5
const BLOCK = /^([\w-]{16})(\d{5})([0-9a-z]{9}[\w-]{8})$/

/** As it stands in requests, in base64. `null` for a part that was never sent. */
export function blockIdOf(
  { nonce }: Pick<OwnUpload, 'nonce'>,
  { number, etag }: Pick<StoredPart, 'number' | 'etag'>,
): string | null {
  if (!PART_ETAG.test(etag)) return null
  const text = `${nonce}${String(number).padStart(NUMBER_DIGITS, '0')}${etag}`
  return Buffer.from(text).toString('base64')
}

export interface Block {
  readonly id: string
  readonly size: number
}

/** The parts of one upload among the blocks of a blob, in the order of their numbers, each as it was sent last. */
export function partsAmong(blocks: readonly Block[], { nonce }: OwnUpload): StoredPart[] {
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
