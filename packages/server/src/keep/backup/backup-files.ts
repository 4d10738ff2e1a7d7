/**
 * The port to where backups lie: a few files by their paths, and blobs. Two stand behind it: a folder, and an object store.
 *
 * Faults: StoreError from platform/store-errors.ts.
 */
import type { BlobStore } from '../../blobs/blob-store.ts'

export interface BackupFiles {
  /** Of the place, for people. */
  readonly name: string
  readonly blobs: BlobStore
  /** Nothing of anybody is there; makes the place if it is missing. */
  isEmpty(): Promise<boolean>
  has(path: string): Promise<boolean>
  /** Names of the folders in a folder. */
  folders(path: string): Promise<readonly string[]>
  /** Throws a StoreError if it is not there. */
  read(path: string): AsyncIterable<Uint8Array>
  /** Whole and durable when it resolves; nothing before. A path is written once. */
  write(path: string, body: AsyncIterable<Uint8Array>): Promise<void>
  remove(path: string): Promise<void>
  /** All files below it. */
  removeFolder(path: string): Promise<void>
  close(): Promise<void>
}
