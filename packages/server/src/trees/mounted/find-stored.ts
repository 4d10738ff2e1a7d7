/** The file under a key, if the store has one. */
import type { FileRecord } from '../../catalog/records.ts'
import type { Mount } from './mount.ts'
import { toFileOfHead } from './stored-file.ts'

export async function findStored(
  { store, bucket }: Pick<Mount, 'store' | 'bucket'>,
  key: string,
): Promise<FileRecord | null> {
  const head = await store.stat(key)
  return head === null ? null : toFileOfHead(bucket, head)
}
