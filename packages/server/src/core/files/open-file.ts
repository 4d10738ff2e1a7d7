/** Opens a file for whoever may read it: rights, conditions, range, use of the link, bytes; in that order. */
import type { BlobReader, ByteRange } from '../../blobs/blob-store.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'
import { requireAccess } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { isLink } from '../identity.ts'
import type { Caller } from '../identity.ts'
import { consumeUse } from '../links/use-link.ts'
import { MAX_CACHED_BLOB_BYTES } from './blob-cache.ts'
import { checkReadConditions, isRangeCurrent } from './read-conditions.ts'
import type { ReadConditions } from './read-conditions.ts'

export type RangeRequest =
  | { readonly kind: 'from'; readonly start: number; readonly end: number | null }
  | { readonly kind: 'suffix'; readonly length: number }

export interface OpenFileRequest {
  readonly bucket: string
  readonly key: string
  readonly range: RangeRequest | null
  readonly conditions: ReadConditions
  /** False for HEAD: nothing is opened and no use is consumed. */
  readonly withBody: boolean
}

export type FileBody =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'reader'; readonly reader: BlobReader }

export interface OpenedFile {
  readonly file: FileRecord
  /** What `body` holds; `null` for all of it. */
  readonly range: ByteRange | null
  /** `null` if none was asked for. A reader must be closed by the caller. */
  readonly body: FileBody | null
}

/** Throws `forbidden`, `unauthenticated`, `link-…`, `file-not-found`, and the codes of conditions and ranges. */
export async function openFile(
  core: CoreContext,
  caller: Caller,
  request: OpenFileRequest,
  signal: AbortSignal,
): Promise<OpenedFile> {
  const { bucket, key, conditions, withBody } = request
  await requireAccess(core, caller, 'read', request)
  const file = await core.catalog.files.find(bucket, key)
  if (file === null) throw fileNotFound(bucket, key)
  checkReadConditions(file, conditions)
  const range = isRangeCurrent(file, conditions) ? resolveRange(request.range, file.size) : null
  if (!withBody) return { file, range, body: null }
  if (isLink(caller)) await consumeUse(core, caller, range !== null && range.start > 0)
  return { file, range, body: await openBody(core, file, range, signal) }
}

/** The range within a file of `size` bytes [RFC9110 14.1.2]; throws `range-not-satisfiable`. */
export function resolveRange(range: RangeRequest | null, size: number): ByteRange | null {
  if (range === null) return null
  if (range.kind === 'suffix') {
    if (range.length === 0 || size === 0) throw notSatisfiable(size)
    return { start: Math.max(0, size - range.length), end: size - 1 }
  }
  if (range.start >= size) throw notSatisfiable(size)
  return { start: range.start, end: Math.min(range.end ?? size - 1, size - 1) }
}

async function openBody(
  core: CoreContext,
  file: FileRecord,
  range: ByteRange | null,
  signal: AbortSignal,
): Promise<FileBody> {
  if (!file.isInline && file.size > MAX_CACHED_BLOB_BYTES) {
    return { kind: 'reader', reader: await core.blobs.open(file.blobId, range, signal) }
  }
  const bytes = core.blobCache.get(file.blobId) ?? (await loadSmallBody(core, file, signal))
  return {
    kind: 'bytes',
    bytes: range === null ? bytes : bytes.subarray(range.start, range.end + 1),
  }
}

async function loadSmallBody(
  core: CoreContext,
  file: FileRecord,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = file.isInline
    ? await core.catalog.files.readInlineBlob(file.blobId)
    : await readWholeBlob(core, file, signal)
  if (bytes === null) throw fileNotFound(file.bucket, file.key)
  if (bytes.length !== file.size) throw storeCorrupt(`Blob ${file.blobId} does not have its size.`)
  core.blobCache.set(file.blobId, bytes)
  return bytes
}

async function readWholeBlob(
  core: CoreContext,
  file: FileRecord,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(file.size)
  const reader = await core.blobs.open(file.blobId, null, signal)
  try {
    let filled = 0
    while (filled < bytes.length) {
      const count = await reader.readInto(bytes.subarray(filled))
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  } finally {
    await reader.close()
  }
}

export function fileNotFound(bucket: string, key: string): DomainError<'file-not-found'> {
  const path = `${bucket}/${key}`
  return new DomainError('file-not-found', 'There is no file at this path.', { path })
}

function notSatisfiable(size: number): DomainError<'range-not-satisfiable'> {
  const message = 'The range lies outside the file.'
  return new DomainError('range-not-satisfiable', message, { size })
}
