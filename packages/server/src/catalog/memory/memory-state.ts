/** What the memory catalog holds. Its methods change it without ever waiting, so each is one atomic step. */
import type { Clock } from '../../platform/clock.ts'
import type {
  AccessKeyRecord,
  ApiKeyRecord,
  BucketRecord,
  FileRecord,
  FolderRecord,
  GrantRecord,
} from '../records.ts'

export interface QueuedBlob {
  readonly blobId: string
  readonly isInline: boolean
  readonly queuedAt: number
}

export interface MemoryState {
  readonly clock: Clock
  readonly buckets: Map<string, BucketRecord>
  /** By `fileName`. */
  readonly files: Map<string, FileRecord>
  readonly inlineBlobs: Map<string, Uint8Array>
  readonly folders: Map<string, FolderRecord>
  /** In the order of insertion. */
  readonly grants: Map<string, GrantRecord>
  readonly apiKeys: Map<string, ApiKeyRecord>
  readonly accessKeys: Map<string, AccessKeyRecord>
  readonly revocations: Map<string, number>
  readonly sweepList: Map<string, QueuedBlob>
  epoch: number
}

export function createMemoryState(clock: Clock): MemoryState {
  return {
    clock,
    buckets: new Map(),
    files: new Map(),
    inlineBlobs: new Map(),
    folders: new Map(),
    grants: new Map(),
    apiKeys: new Map(),
    accessKeys: new Map(),
    revocations: new Map(),
    sweepList: new Map(),
    epoch: 1,
  }
}

/** A bucket's name holds no slash, so this is unambiguous. */
export function fileName(bucket: string, key: string): string {
  return `${bucket}/${key}`
}

export function queueBlob(state: MemoryState, file: FileRecord, queuedAt: number): void {
  const { blobId, isInline } = file
  state.sweepList.set(blobId, { blobId, isInline, queuedAt })
}
