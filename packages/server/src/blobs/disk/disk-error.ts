/** Turns the codes of system calls into the three faults a driver may throw. */
import {
  StoreError,
  storeConflict,
  storeCorrupt,
  storeUnavailable,
} from '../../platform/store-errors.ts'

const UNAVAILABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EAGAIN',
  'EBUSY',
  'EDQUOT',
  'EFBIG',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOSPC',
  'EPERM',
  'EROFS',
  'ESTALE',
])

/** What stands where a blob should be is no file of ours: nothing, a link, a folder. */
const NOT_A_BLOB: ReadonlySet<string> = new Set(['EISDIR', 'ELOOP', 'EMLINK', 'ENOENT', 'ENOTDIR'])

/** A StoreError for what a disk may answer; anything else comes back as it is, being a bug or an abort. */
export function toDiskError(error: unknown, blobId: string): unknown {
  const code = codeOf(error)
  if (code === null || error instanceof StoreError) return error
  if (UNAVAILABLE.has(code)) return storeUnavailable(`The disk cannot serve now (${code}).`, error)
  if (code === 'EEXIST') return storeConflict(`Blob ${blobId} exists already.`, error)
  if (NOT_A_BLOB.has(code)) {
    return storeCorrupt(`Blob ${blobId} is not in its place (${code}).`, error)
  }
  return error
}

export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
