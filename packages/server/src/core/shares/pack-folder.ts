/** Everything that lies in a shared folder, as one archive whose length is known before its first byte. */
import { createHash } from 'node:crypto'
import type { BlobReader } from '../../blobs/blob-store.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { fileNotFound } from '../find-version.ts'
import { refusal } from '../errors.ts'
import type { LinkAnswer } from '../links/link-answers.ts'
import { beginUse } from '../links/use-link.ts'
import type { LinkUse } from '../links/use-link.ts'
import { MAX_PACKED_FILES } from '../limits.ts'
import { folderOf, nameOf } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import { authorize } from '../policy/authorize.ts'
import type { Permit } from '../policy/permit.ts'
import type { PackedShare } from './pack-room.ts'
import { nameEntries } from './zip/zip-names.ts'
import { zipSize } from './zip/zip-records.ts'
import type { ZipEntry } from './zip/zip-records.ts'
import { createZipSource } from './zip/zip-source.ts'

const PAGE = 1000

export interface PackedFolder {
  readonly name: string
  readonly size: number
  readonly source: BlobReader
  readonly use: LinkUse | null
  /** To be called where the answer takes its time, so that it can be cut; `null` where that is begun with the use. */
  readonly beginAnswer: (() => LinkAnswer) | null
}

interface PackedEntry extends ZipEntry {
  readonly path: ObjectPath
  readonly etag: string
}

/**
 * `permit` is for the folder, by a link that shares it, and takes one use. Throws `link-revoked` for any other permit, `too-many-to-pack`,
 * what the policy of a folder within says, a `StoreError` where no more archives can be held at once, and what `beginUse` throws.
 */
export async function packFolder(
  core: CoreContext,
  permit: Permit<'read'>,
  signal: AbortSignal,
): Promise<PackedFolder> {
  const { grant, caller } = permit
  if (grant?.share?.kind !== 'folder') throw refusal('link-revoked', {})
  const room = core.packRoom.open(caller.clientIp)
  try {
    return await pack(core, permit, { room, signal, isCounted: grant.maxUses !== null })
  } catch (error) {
    room.close()
    throw error
  }
}

interface Packing {
  readonly room: PackedShare
  readonly signal: AbortSignal
  readonly isCounted: boolean
}

async function pack(
  core: CoreContext,
  permit: Permit<'read'>,
  { room, signal, isCounted }: Packing,
): Promise<PackedFolder> {
  const { path } = permit
  const entries = await listEntries(core, permit, room)
  const size = zipSize(entries)
  const use = await beginUse(core, permit, { file: { size, etag: etagOf(entries) }, range: null })
  const source = createZipSource(entries, (entry) => openEntry(core, entry, signal))
  return {
    name: `${nameOf(path.key) || path.bucket}.zip`,
    size,
    source: whenClosed(source, () => room.close()),
    use,
    beginAnswer: isCounted ? null : () => core.answers.begin(permit),
  }
}

function whenClosed(reader: BlobReader, then: () => void): BlobReader {
  return {
    readInto: (buffer) => reader.readInto(buffer),
    close: async () => {
      try {
        await reader.close()
      } finally {
        then()
      }
    },
  }
}

async function listEntries(
  core: CoreContext,
  { path: { bucket, key: prefix }, caller }: Permit<'read'>,
  room: PackedShare,
): Promise<readonly PackedEntry[]> {
  const found: Omit<PackedEntry, 'name'>[] = []
  const folders = new Set<string>()
  for (let after: string | null = ''; after !== null;) {
    const page = await core.files.list({ bucket, prefix, delimiter: '', after, limit: PAGE })
    room.take(page.entries.length)
    for (const entry of page.entries) {
      if (entry.kind !== 'file') continue
      const { key, size, etag, modifiedAt } = entry.file
      // Rules are those of a folder: one file stands for all beside it.
      const folder = folderOf(key)
      if (!folders.has(folder)) await authorize(core, caller, 'read', { bucket, key })
      folders.add(folder)
      found.push({ path: { bucket, key }, size, etag, modifiedAt })
    }
    if (found.length > MAX_PACKED_FILES) {
      throw refusal('too-many-to-pack', { maxFiles: MAX_PACKED_FILES })
    }
    after = page.nextAfter
  }
  const keys = found.map(({ path }) => path.key)
  const names = nameEntries(nameOf(prefix) || bucket, prefix, keys)
  return found.map((entry, index) => ({ ...entry, name: names[index] ?? '' }))
}

/** The same archive again has the same one: a download that broke off is begun anew as the same use. */
function etagOf(entries: readonly PackedEntry[]): string {
  const hash = createHash('sha256')
  for (const { name, etag, size } of entries) hash.update(JSON.stringify([name, etag, size]))
  return hash.digest('hex')
}

/** A file that was replaced since it was listed cannot be sent in its place. */
async function openEntry(
  core: CoreContext,
  { path, etag, size }: PackedEntry,
  signal: AbortSignal,
): Promise<BlobReader> {
  const file: FileRecord | null = await core.files.find(path)
  if (file === null || file.etag !== etag || file.size !== size) throw fileNotFound(path)
  const body = await core.files.open(file, null, signal)
  if (body === null) throw fileNotFound(path)
  if (body.kind === 'redirect') throw new Error('The tree answers with a URL, which is no archive.')
  return body.kind === 'reader' ? body.reader : readerOf(body.bytes)
}

function readerOf(bytes: Uint8Array): BlobReader {
  let at = 0
  return {
    readInto: (buffer) => {
      const count = Math.min(buffer.byteLength, bytes.byteLength - at)
      buffer.set(bytes.subarray(at, at + count))
      at += count
      return Promise.resolve(count)
    },
    close: () => Promise.resolve(),
  }
}
