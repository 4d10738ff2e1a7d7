/**
 * Where the parts of uploads lie before they are put together: as objects of their own, below a prefix that nobody else is shown or let into, a folder an
 * upload. One object there says that the upload was begun, and of what.
 */
import { PART_ETAG } from '../send/upload-ids.ts'
import type { OwnUpload } from '../send/upload-ids.ts'
import type { StoredPart } from '../object-store.ts'

export const PARTS = '.hallpass-parts/'

const NUMBER_DIGITS = 5
const PART_NAME = /\/p(\d{5})([0-9a-z]{9}[\w-]{8})$/

type Whose = Pick<OwnUpload, 'nonce'>

export function folderOf({ nonce }: Whose): string {
  return `${PARTS}${nonce}/`
}

export function markerOf(upload: Whose): string {
  return `${folderOf(upload)}upload`
}

export function isMarker(key: string): boolean {
  return key.endsWith('/upload')
}

/** `null` for a part that was never sent. */
export function partKeyOf(
  upload: Whose,
  { number, etag }: Pick<StoredPart, 'number' | 'etag'>,
): string | null {
  if (!PART_ETAG.test(etag)) return null
  return `${folderOf(upload)}p${String(number).padStart(NUMBER_DIGITS, '0')}${etag}`
}

/** What is put together of some of the parts, on the way to the whole. */
export function middleKeyOf(upload: Whose, level: number, index: number): string {
  return `${folderOf(upload)}c${level}-${index}`
}

/** `null` for what is no part. */
export function readPartKey(key: string, size: number): StoredPart | null {
  const [, number, etag] = PART_NAME.exec(key) ?? []
  return number === undefined || etag === undefined ? null : { number: Number(number), etag, size }
}
