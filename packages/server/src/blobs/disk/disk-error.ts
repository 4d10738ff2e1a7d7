/** Turns the codes of system calls into the four faults a driver may throw. */
import {
  StoreError,
  storeConflict,
  storeCorrupt,
  storeFull,
  storeUnavailable,
} from '../../platform/store-errors.ts'

const UNAVAILABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EAGAIN',
  'EBUSY',
  'EFBIG',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EPERM',
  'EROFS',
  'ESTALE',
])

/** No room, of this disk or for this user. */
const FULL: ReadonlySet<string> = new Set(['EDQUOT', 'ENOSPC'])

/** What stands where a blob should be is no file of ours: nothing, a link, a folder. */
const NOT_A_BLOB: ReadonlySet<string> = new Set(['EISDIR', 'ELOOP', 'EMLINK', 'ENOENT', 'ENOTDIR'])

/** A StoreError for what a disk may answer; anything else comes back as it is, being a bug or an abort. */
export function toDiskError(error: unknown, blobId: string): unknown {
  const code = codeOf(error)
  if (code === null || error instanceof StoreError) return error
  if (UNAVAILABLE.has(code)) return storeUnavailable(`The disk cannot serve now (${code}).`, error)
  if (FULL.has(code)) return diskFull(`(${code})`, error)
  if (code === 'EEXIST') return storeConflict(`Blob ${blobId} exists already.`, error)
  if (NOT_A_BLOB.has(code)) {
    return storeCorrupt(`Blob ${blobId} is not in its place (${code}).`, error)
  }
  return error
}

export function diskFull(detail: string, cause?: unknown): StoreError {
  return storeFull(`There is no room left on the disk ${detail}.`, cause)
}

export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
