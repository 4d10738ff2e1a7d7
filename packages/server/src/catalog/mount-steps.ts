/**
 * The part of the catalog that knows of mounted buckets. What lies in them is not in the catalog: each write is a step here, which
 * looks at the rights and spends the use of a link, then one of the store, then a step here that says what happened. Between them
 * a crash may come, and docs/mounted-buckets.md says what it leaves.
 */
import type { FilePath, GrantUse, WriteConditions, WriteRefusal } from './file-steps.ts'
import type { Changed, ChangeRights } from './catalog.ts'
import type { BucketRecord, FileRecord, MountRecord } from './records.ts'

export interface Admission {
  readonly path: FilePath
  /** What the store has there, as it was seen just before. */
  readonly current: FileRecord | null
  readonly conditions: WriteConditions
}

export interface SettledUpload {
  readonly uploadId: string
  /** Of the parts, under which a completion that is asked for again is known. */
  readonly etag: string
  readonly partCount: number
  readonly forgetAt: number
}

export interface Settlement {
  readonly file: FileRecord
  readonly conditions: WriteConditions
  /** The slot of parts that ends with it. */
  readonly upload?: SettledUpload
}

export interface MountCatalog {
  /** In the order of their buckets. */
  list(): Promise<readonly MountRecord[]>
  /**
   * The bucket and its mount, in one step that begins another epoch. `overlaps` names the bucket whose place holds this one, or
   * lies in it.
   */
  create(
    mount: { readonly bucket: BucketRecord; readonly mount: MountRecord },
    rights: ChangeRights | null,
  ): Changed<MountOutcome>
  /** The same place with other credentials or settings. False if there is no such mount. */
  update(
    mount: Pick<MountRecord, 'bucket' | 'isReadOnly' | 'settings' | 'sealedSecret'>,
    rights: ChangeRights | null,
  ): Changed<boolean>
  /** `null` if the write may go to the store: then the use of its link is spent. */
  admit(admission: Admission): Promise<WriteRefusal | null>
  /** Gives back a use that `admit` spent, of a write that did not happen for certain. */
  giveBack(use: Pick<GrantUse, 'id'>): Promise<void>
  /** Says that a file is there. */
  settle(settlement: Settlement): Promise<void>
  /** Says that a file is gone, and ends the links to it. */
  settleRemoval(
    removed: { readonly path: FilePath; readonly fileId: string; readonly nowMs: number },
    conditions: WriteConditions,
  ): Promise<void>
  /** Says that a file has another name, and ends the links of both. */
  settleMove(
    moved: {
      readonly from: FilePath
      readonly to: FilePath
      readonly fileId: string
      readonly nowMs: number
    },
    conditions: WriteConditions,
  ): Promise<void>
  /** The upload of the store behind a slot; `null` while there is none. */
  findUpload(slotId: string): Promise<string | null>
  /** Binds a slot to an upload of the store, if it is bound to none; to which it is. */
  bindUpload(slotId: string, storeId: string): Promise<string>
}

export type MountOutcome =
  | { readonly outcome: 'created' }
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'overlaps'; readonly bucket: string }
