/** Pages of a mounted bucket, in the order of the store: that of the bytes of the keys. */
import type { ListFilesQuery, ListedEntry, Listing } from '../../catalog/file-steps.ts'
import { compareKeys } from '../../catalog/key-order.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { StoredPage } from '../../stores/object-store.ts'
import type { Mount } from './mount.ts'
import { toFile } from './stored-file.ts'

/** A page may be short, and is empty only at the end. */
export async function listStored(
  { store, bucket }: Pick<Mount, 'store' | 'bucket'>,
  { prefix, delimiter, after, limit }: ListFilesQuery,
): Promise<Listing> {
  const query = { prefix, delimiter: delimiter === '' ? null : delimiter, after, limit }
  const page = await store.list(query)
  const entries = merge(bucket, page)
  const last = entries.at(-1)
  if (last === undefined && !page.isLast) {
    throw storeCorrupt('The store gave an empty page that is not its last.')
  }
  return { entries, nextAfter: page.isLast || last === undefined ? null : nameOf(last) }
}

function merge(bucket: string, { objects, prefixes }: StoredPage): ListedEntry[] {
  const files = objects.map((object): ListedEntry => ({
    kind: 'file',
    file: toFile(bucket, object),
  }))
  const rolled = prefixes.map((prefix): ListedEntry => ({ kind: 'prefix', prefix }))
  return [...files, ...rolled].toSorted((a, b) => compareKeys(nameOf(a), nameOf(b)))
}

function nameOf(entry: ListedEntry): string {
  return entry.kind === 'file' ? entry.file.key : entry.prefix
}
