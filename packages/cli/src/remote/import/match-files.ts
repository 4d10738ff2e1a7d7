/**
 * Goes through what a source has and what a server has, side by side: both come in the order of the bytes of their names, so that no list of
 * either has to be held.
 *
 * @module
 */
import { ServerRefusal } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { listFolder } from '../files/remote-files.ts'
import type { RemoteFile } from '../files/remote-files.ts'
import type { SourceEntry } from './import-source.ts'

export type Matched =
  | Exclude<SourceEntry, { readonly kind: 'file' }>
  | (Extract<SourceEntry, { readonly kind: 'file' }> & { readonly known: RemoteFile | null })

/** @param folder on the server, with a slash at its end */
export async function* matchFiles(
  connection: Connection,
  folder: string,
  entries: AsyncIterable<SourceEntry>,
): AsyncGenerator<Matched> {
  const there = filesBelow(connection, folder)
  try {
    let next = await there.next()
    for await (const entry of entries) {
      if (entry.kind !== 'file') {
        yield entry
        continue
      }
      const path = Buffer.from(folder + entry.file.below)
      while (next.done !== true && Buffer.compare(Buffer.from(next.value.path), path) < 0) {
        next = await there.next()
      }
      const found = next.done === true ? null : next.value
      const isIt = found !== null && Buffer.from(found.path).equals(path)
      yield { ...entry, known: isIt ? found : null }
    }
  } finally {
    await there.return(undefined)
  }
}

/** None in a bucket that is not there yet, and none for a key that may not list: then all are sent. */
async function* filesBelow(
  connection: Connection,
  folder: string,
): AsyncGenerator<RemoteFile, undefined> {
  try {
    for await (const entry of listFolder(connection, folder, { recursive: true })) {
      if (entry.kind === 'file') yield entry.file
    }
  } catch (error) {
    const isNothing =
      error instanceof ServerRefusal && /^(?:bucket-not-found|forbidden)$/.test(error.code)
    if (!isNothing) throw error
  }
  return undefined
}
