/**
 * Where the bound between bodies in the catalog and bodies on the disk should lie: 32 durable writes at once, each way,
 * for bodies of several sizes.
 *
 *     npm run bench -- inline [--json] [--rounds=9] [--round-ms=500] ['16 KiB' …]
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskBlobStore } from '../../packages/server/src/blobs/disk/disk-blob-store.ts'
import type { NewContent } from '../../packages/server/src/catalog/catalog.ts'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import { systemClock } from '../../packages/server/src/platform/clock.ts'
import { createId, createOrderedId } from '../../packages/server/src/platform/ids.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { isWanted, readArguments } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import { measure } from '../lib/rounds.ts'
import type { Operation, Row } from '../lib/rounds.ts'

const SIZES_KIB = [1, 4, 16, 32, 64, 128]
const AT_ONCE = 32
const BUCKET = 'bench'
const NEVER: AbortSignal = new AbortController().signal

// What stands first wins.
const options = readArguments([...process.argv.slice(2), '--round-ms=500'])
const folder = await mkdtemp(
  join(process.env['HALLPASS_BENCH_FOLDER'] ?? tmpdir(), 'hallpass-bench-'),
)
const catalog = createSqliteCatalog({ path: join(folder, 'catalog.db') })
const blobs = createDiskBlobStore({ directory: join(folder, 'blobs') })

async function commit(size: number, content: NewContent): Promise<void> {
  const id = createId(systemRandom, '')
  await catalog.files.commit(
    {
      bucket: BUCKET,
      key: `folder/${id}`,
      size,
      etag: '0'.repeat(32),
      checksums: [{ algorithm: 'sha256', type: 'full-object', value: '0'.repeat(44) }],
      partSizes: [],
      contentType: 'application/octet-stream',
      headers: {},
      metadata: {},
      tags: {},
      modifiedAt: 0,
      newFileId: createOrderedId(systemClock, systemRandom, 'file_'),
      newVersionId: id,
    },
    content,
    { epoch: null },
  )
}

async function writeInline(body: Buffer): Promise<void> {
  const contentId = createOrderedId(systemClock, systemRandom, '')
  await commit(body.length, { kind: 'inline', contentId, bytes: body })
}

async function writeToDisk(body: Buffer): Promise<void> {
  const contentId = createOrderedId(systemClock, systemRandom, '')
  const size = body.length
  await blobs.write(contentId, chunksOf(body), { size, signal: NEVER })
  await commit(size, { kind: 'blob', contentId, size })
}

/** A copy, because a chunk belongs to the store. */
async function* chunksOf(body: Buffer): AsyncGenerator<Uint8Array> {
  yield Uint8Array.from(body)
}

function operationOf(kib: number): Operation {
  const body = randomBytes(kib * 1024)
  const atOnce = (write: (bytes: Buffer) => Promise<void>) => (): Promise<unknown> =>
    Promise.all(Array.from({ length: AT_ONCE }, () => write(body)))
  return {
    name: `${AT_ONCE} bodies of ${kib} KiB`,
    reference: 'on the disk',
    contestants: [
      { name: 'in the catalog', run: atOnce(writeInline), isAsync: true },
      { name: 'on the disk', run: atOnce(writeToDisk), isAsync: true },
    ],
  }
}

const rows: Row[] = []
try {
  await catalog.buckets.create({ name: BUCKET, createdAt: 0, versioning: 'off', settings: {} })
  for (const operation of SIZES_KIB.map(operationOf)) {
    if (isWanted(options, operation.name)) rows.push(...(await measure(operation, options)))
  }
} finally {
  await catalog.close()
  await blobs.close()
  await rm(folder, { recursive: true, force: true })
}
const { asJson, rounds, roundMs } = options
printReport(
  {
    machine: describeMachine(),
    versions: readVersions(['better-sqlite3']),
    rounds: { rounds, roundMs },
    rows,
    skipped: [],
  },
  asJson,
)
