/** Run by failed-sync.test.ts: writes files while syncs of the log fail, says what was answered, and dies at once. */
import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDiskBlobStore } from '../../../../src/blobs/disk/disk-blob-store.ts'
import { createSqliteCatalog } from '../../../../src/catalog/sqlite/sqlite-catalog.ts'
import { systemClock } from '../../../../src/platform/clock.ts'
import { systemRandom } from '../../../../src/platform/random.ts'
import { createContentCache } from '../../../../src/trees/managed/content-cache.ts'
import { createContentHolds } from '../../../../src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../../../src/trees/managed/damaged-contents.ts'
import { createManagedTree } from '../../../../src/trees/managed/managed-tree.ts'

const [folder = '', mode = ''] = process.argv.slice(2)
const trigger = process.env['FAILING_SYNC'] ?? ''
const catalog = createSqliteCatalog({ path: join(folder, 'catalog.db'), reserveBytes: 0 })
const blobs = createDiskBlobStore({ directory: join(folder, 'blobs') })
const stores = { catalog, blobs, clock: systemClock, random: systemRandom }
const tree = createManagedTree({
  ...stores,
  cache: createContentCache(),
  holds: createContentHolds(),
  damaged: createDamagedContents(catalog.scrub),
})

/** Large enough to rest outside the catalog. */
async function write(key: string, text: string): Promise<string> {
  const bytes = Buffer.from(text.repeat(50_000))
  const etag = createHash('md5').update(bytes).digest('hex')
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.from(bytes)
  }
  try {
    const { outcome } = await tree.write({
      path: { bucket: 'acme', key },
      draft: { contentType: 'text/plain', headers: {}, metadata: {}, tags: {} },
      body: body(),
      size: bytes.length,
      seal: async () => ({ size: bytes.length, etag, checksums: [] }),
      conditions: async () => ({ epoch: null }),
      signal: new AbortController().signal,
    })
    return outcome
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  }
}

const answers: Record<string, string> = {}
await catalog.buckets.create({ name: 'acme', createdAt: 1, versioning: 'off', settings: {} }, null)
answers['first'] = await write('a', '1')
writeFileSync(trigger, '')
answers['failed'] = await write('a', '2')
if (mode === 'goes-on') {
  answers['still failing'] = await write('b', '3')
  rmSync(trigger)
  answers['later'] = await write('c', '4')
  const current = await tree.find({ bucket: 'acme', key: 'a' })
  answers['a has the bytes of'] = current === null ? 'nothing' : await firstByte()
}
process.stdout.write(JSON.stringify(answers), () => process.kill(process.pid, 'SIGKILL'))

async function firstByte(): Promise<string> {
  const file = await tree.find({ bucket: 'acme', key: 'a' })
  if (file === null) return 'nothing'
  const body = await tree.open(file, { start: 0, end: 0 }, new AbortController().signal)
  return body?.kind === 'bytes' ? String(Buffer.from(body.bytes)) : 'no bytes'
}
