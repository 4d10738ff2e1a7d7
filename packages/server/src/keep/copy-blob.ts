/** Brings one blob from one store to another and compares what went through with what it is known by. */
import { createHash } from 'node:crypto'
import type { BlobBatch, BlobStore } from '../blobs/blob-store.ts'
import { hashBlobOrNull, readBlob } from '../blobs/hash-blob.ts'
import { StoreError, isConflict, storeCorrupt } from '../platform/store-errors.ts'
import type { WantedBlob } from './wanted-blobs.ts'

export type CopiedBlob =
  /** `isNew`: it was not there before. */
  | { readonly outcome: 'there'; readonly sha256: string; readonly isNew: boolean }
  /** The source has no such blob, or not with these bytes; nothing was left at the target. */
  | { readonly outcome: 'damaged' }

export interface CopyBlobOptions {
  readonly from: BlobStore
  readonly to: BlobStore
  readonly signal: AbortSignal
  /** What is at the target already is read and compared, not believed by its size. */
  readonly comparesTarget: boolean
}

/** `writer`: the target, or a batch of it. */
export async function copyBlob(
  wanted: WantedBlob,
  options: CopyBlobOptions,
  writer: Pick<BlobBatch, 'write'> = options.to,
): Promise<CopiedBlob> {
  const { contentId, size, sha256 } = wanted
  const { to } = options
  const standing = await to.stat(contentId)
  if (standing?.size === size && sha256 !== null && !options.comparesTarget) {
    return { outcome: 'there', sha256, isNew: false }
  }
  if (standing !== null) {
    const known = await hashAtTarget(wanted, options)
    if (known !== null) return { outcome: 'there', sha256: known, isNew: false }
    await to.delete(contentId)
  }
  return write(wanted, options, writer)
}

/** What a blob at the target hashes to, if it is the one that is wanted. */
export async function hashAtTarget(
  { contentId, size, sha256 }: WantedBlob,
  { to, signal }: Pick<CopyBlobOptions, 'to' | 'signal'>,
): Promise<string | null> {
  const hashed = await hashBlobOrNull(to, contentId, { signal })
  if (hashed === null || hashed.size !== size) return null
  return sha256 === null || hashed.sha256 === sha256 ? hashed.sha256 : null
}

async function write(
  wanted: WantedBlob,
  options: CopyBlobOptions,
  writer: Pick<BlobBatch, 'write'>,
): Promise<CopiedBlob> {
  const { contentId, size } = wanted
  const { from, to, signal } = options
  const hash = createHash('sha256')
  async function* body(): AsyncGenerator<Uint8Array> {
    let passed = 0
    for await (const piece of readBlob(from, { blobId: contentId, size }, signal)) {
      hash.update(piece)
      passed += piece.length
      yield piece
    }
    // Asked before the target takes it for whole.
    const digest = hash.digest('base64')
    const isWhole = passed === size && (wanted.sha256 === null || digest === wanted.sha256)
    if (!isWhole) throw storeCorrupt(`Blob ${contentId} is not what it was.`)
    known = digest
  }
  let known = ''
  try {
    await writer.write(contentId, body(), { size, signal })
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'corrupt') return { outcome: 'damaged' }
    // Somebody else brought the same blob meanwhile; or, if none is there, is still writing it.
    const isThere = isConflict(error) && (await to.stat(contentId)) !== null
    if (isThere) return copyBlob(wanted, { ...options, comparesTarget: true })
    throw error
  }
  return { outcome: 'there', sha256: known, isNew: true }
}
