/**
 * The objects of a bucket, to be brought in. Each passes through a temporary file, so that it can be sent again from there when the way to
 * the server breaks, and is known whole before the server hears of it.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError, openBucket } from '@hallpass/server'
import type { BlobReader, ObjectStore, StoredHead, StoredObject } from '@hallpass/server'
import type { CliIo } from '../io.ts'
import { FileFault } from '../remote/files/local-file.ts'
import type { KeptHeaders } from '../remote/files/local-file.ts'
import { SOURCE_ETAG } from '../remote/files/remote-files.ts'
import type {
  FileAtHand,
  ImportSource,
  SourceEntry,
  SourceFile,
} from '../remote/import/import-source.ts'
import { readBucketAccess } from './bucket-access.ts'
import { toCliError } from './examine-bucket.ts'

const PAGE = 1000
const CHUNK_BYTES = 256 * 1024

/** Connects to nothing yet. @throws {CliError} if it is no address of a bucket */
export async function bucketSource(io: CliIo, url: string): Promise<ImportSource> {
  const access = await readBucketAccess(io, url)
  const store = await openBucket(access).catch((error: unknown) => {
    throw toCliError(error)
  })
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-import-'))
  return {
    name: store.name,
    entries: () => listAll(store, folder),
    close: async () => {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function* listAll(store: ObjectStore, folder: string): AsyncGenerator<SourceEntry> {
  for (let after = '', isLast = false; !isLast;) {
    const options = { prefix: '', delimiter: null, after, limit: PAGE }
    const page = await store.list(options).catch((error: unknown) => {
      throw toCliError(error)
    })
    for (const object of page.objects) yield toEntry(store, folder, object)
    after = page.objects.at(-1)?.key ?? after
    isLast = page.isLast || page.objects.length === 0
  }
}

function toEntry(store: ObjectStore, folder: string, object: StoredObject): SourceEntry {
  const { key, size } = object
  if (key === '' || (key.endsWith('/') && size === 0)) {
    const reason = 'the mark of a folder'
    return { kind: 'left-out', leftOut: { below: key, reason, isFault: false } }
  }
  return { kind: 'file', file: toFile(store, folder, object) }
}

function toFile(store: ObjectStore, folder: string, { key, size, etag }: StoredObject): SourceFile {
  return {
    below: key,
    size,
    isSame: (known) => Promise.resolve(known.etag === etag || known.sourceEtag === etag),
    async withFile(use) {
      const own = await mkdtemp(join(folder, 'object-'))
      try {
        return await use(await bring(store, key, join(own, 'bytes')))
      } finally {
        await rm(own, { recursive: true, force: true })
      }
    },
  }
}

async function bring(store: ObjectStore, key: string, path: string): Promise<FileAtHand> {
  const { signal } = new AbortController()
  const shown = `${store.name}/${key}`
  try {
    const opened = await store.open(key, { range: null, etag: null, signal })
    if (opened === null) throw new FileFault(`${shown} is not there any more.`)
    const { head, reader } = opened
    const sha256 = await writeDown(reader, path)
    return {
      file: { path, shown, size: head.size },
      sha256,
      contentType: typeOf(head),
      keeps: keptOf(head),
    }
  } catch (error) {
    // One object of many: that it cannot be had is said of it alone.
    throw error instanceof StoreError ? new FileFault(error.message, undefined, error) : error
  }
}

/** Its SHA-256, in hex. */
async function writeDown(reader: BlobReader, path: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await open(path, 'wx', 0o600)
  try {
    const buffer = new Uint8Array(CHUNK_BYTES)
    for (let size = await reader.readInto(buffer); size > 0; size = await reader.readInto(buffer)) {
      hash.update(buffer.subarray(0, size))
      await handle.writeFile(buffer.subarray(0, size))
    }
    return hash.digest('hex')
  } finally {
    await handle.close()
    await reader.close()
  }
}

/** What S3 says of an object that nobody gave a type says nothing. */
function typeOf({ contentType }: StoredHead): string | null {
  return contentType === 'binary/octet-stream' ? null : contentType
}

function keptOf(head: StoredHead): KeptHeaders {
  const headers = {
    'cache-control': head.cacheControl,
    'content-disposition': head.contentDisposition,
    'content-encoding': head.contentEncoding,
    'content-language': head.contentLanguage,
  }
  const said = Object.entries(headers).filter(
    (pair): pair is [string, string] => pair[1] !== null && pair[1] !== 'aws-chunked',
  )
  return {
    headers: Object.fromEntries(said),
    metadata: { ...head.metadata, [SOURCE_ETAG]: head.etag },
  }
}
