/** Backups of running services: consistent, incremental, whole or none, and restored from either database into either. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { backUpService, checkServiceBackup, restoreService } from '../../src/keeping.ts'
import type { BackedUp } from '../../src/keeping.ts'
import { RESTORING_FILE } from '../../src/config/data-directory.ts'
import { openBackupFiles, openService } from '../../src/open-service.ts'
import type { BlobStore } from '../../src/blobs/blob-store.ts'
import { backUp as backUpAll } from '../../src/keep/backup/back-up.ts'
import { sweepContents } from '../../src/jobs/sweep-contents.ts'
import { startServer } from '../../src/start-server.ts'
import {
  ADMIN_KEY,
  QUIET,
  configOf,
  fill,
  findFaults,
  makeFolder,
  makePlace,
  requireAll,
  serve,
} from './keep-fixture.ts'
import type { Databases, Place } from './keep-fixture.ts'

const NEWEST = { snapshot: null, ...QUIET }

function backUp(place: Place, folder: string, withMasterKey = false): Promise<BackedUp> {
  return backUpService(configOf(place), { at: folder, withMasterKey, ...QUIET })
}

const WAYS: readonly (readonly [from: Databases, to: Databases])[] = [
  ['sqlite', 'sqlite'],
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
]

for (const [from, to] of WAYS) {
  test(`what was backed up over ${from} is all there when it is restored over ${to}`, async (t) => {
    const place = await makePlace(t, from)
    const client = await serve(t, place)
    const kept = await fill(client)
    const folder = join(makeFolder(t), 'backup')
    const done = await backUp(place, folder)
    assert.deepEqual(done.manifest.damaged, [])
    await client.put('acme/small/late', randomBytes(20))

    const target = await makePlace(t, to)
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    const restored = await serve(t, target)
    await requireAll(restored, kept)
    assert.ok(!(await restored.list('acme/small')).includes('acme/small/late'))
    const versions = await listVersions(restored, 'acme/large/versions')
    assert.equal(versions.length, 2)
    // What is numbered goes on behind what was numbered before.
    await restored.put('acme/small/new', randomBytes(30))
    const links = (await restored.call('GET', '/v1/links?limit=10')) as { links: unknown[] }
    assert.ok(links.links.length >= 2)
  })
}

async function listVersions(
  client: Awaited<ReturnType<typeof serve>>,
  path: string,
): Promise<unknown[]> {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const { files } = (await client.call('GET', `/v1/files?folder=${folder}&limit=1000`)) as {
    files: { id: string; path: string }[]
  }
  const id = files.find((file) => file.path === path)?.id ?? ''
  const { versions } = (await client.call('GET', `/v1/files/${id}/versions`)) as {
    versions: unknown[]
  }
  return versions
}

describe('a backup of a service that is written to', () => {
  for (const kind of ['sqlite', 'postgres'] as const) {
    test(`over ${kind} is the state of one moment, and every file of it can be read`, async (t) => {
      const place = await makePlace(t, kind)
      const client = await serve(t, place)
      await client.call('PUT', '/v1/buckets/acme', {})
      const folder = join(makeFolder(t), 'backup')
      const written = new Map<string, Uint8Array>()
      const over = new AbortController()
      // Two names that are written in turn: whatever the moment, the first is never behind the second.
      async function write(): Promise<void> {
        for (let turn = 1; !over.signal.aborted; turn += 1) {
          for (const name of ['first', 'second']) {
            const bytes = Buffer.concat([Buffer.from(`${turn}\n`), randomBytes(40_000)])
            written.set(`${name} ${turn}`, bytes)
            await client.put(`acme/${name}`, bytes)
          }
          await client.put(`acme/many/${turn}`, randomBytes(35_000))
        }
      }
      const writing = write().finally(() => over.abort())
      try {
        for (let round = 0; round < 3; round += 1) {
          const before = written.size
          while (!over.signal.aborted && written.size < before + 6)
            await new Promise((resolve) => setTimeout(resolve, 5))
          const { manifest, snapshot } = await backUp(place, folder)
          assert.deepEqual(manifest.damaged, [])
          const checked = await checkServiceBackup({ at: folder, ...QUIET, snapshot })
          assert.deepEqual(checked.faulty, [])
        }
      } finally {
        over.abort()
        await writing
      }
      for (const snapshot of readdirSync(join(folder, 'snapshots'))) {
        const target = await makePlace(t, 'sqlite')
        await restoreService(configOf(target), { at: folder, ...QUIET, snapshot })
        const restored = await serve(t, target)
        const files = await restored.list('acme')
        const turnOf = async (name: string): Promise<number> => {
          const answer = await restored.call('GET', `/v1/files?folder=acme&limit=1000`)
          const found = (answer as { files: { path: string; signedUrl: string }[] }).files.find(
            (file) => file.path === `acme/${name}`,
          )
          const body = Buffer.from(await (await fetch(found?.signedUrl ?? '')).arrayBuffer())
          const turn = Number(body.subarray(0, body.indexOf('\n')).toString())
          assert.deepEqual(body, written.get(`${name} ${turn}`))
          return turn
        }
        const [first, second] = [await turnOf('first'), await turnOf('second')]
        assert.ok(first === second || first === second + 1, `${first} and ${second}`)
        assert.equal(files.filter((path) => path.startsWith('acme/')).length, files.length)
        for (const path of await restored.list('acme/many')) {
          assert.equal((await restored.get(path)).status, 200, path)
        }
        await restored.close()
      }
    })
  }

  test('brings only what earlier ones did not', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    await fill(client)
    const folder = join(makeFolder(t), 'backup')
    const first = await backUp(place, folder)
    assert.ok(first.added > 10)
    await client.put('acme/large/new', randomBytes(99_000))
    const second = await backUp(place, folder)
    assert.equal(second.added, 1)
    assert.equal(second.addedBytes, 99_000)
  })

  test('is not stopped by what one left that was killed in the middle of a blob', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    await client.call('PUT', '/v1/buckets/plain', {})
    await client.put('plain/one', randomBytes(SIZE_OF_ONE))
    const name = basename(blobOfOne(join(place.dataDir, 'blobs')))
    const folder = join(makeFolder(t), 'backup')
    const half = join(folder, 'blobs', 'tmp', name)
    mkdirSync(join(folder, 'blobs', 'tmp'), { recursive: true })
    mkdirSync(join(folder, 'snapshots'))
    writeFileSync(join(folder, 'hallpass-backup.json'), '{"format":1}')
    writeFileSync(half, 'half of it')
    utimesSync(half, 1, 1)
    assert.equal((await backUp(place, folder)).added, 1)
    const target = await makePlace(t, 'sqlite')
    mkdirSync(join(target.dataDir, 'blobs', 'tmp'), { recursive: true, mode: 0o700 })
    chmodSync(target.dataDir, 0o700)
    writeFileSync(join(target.dataDir, 'blobs', 'tmp', name), 'half of it')
    utimesSync(join(target.dataDir, 'blobs', 'tmp', name), 1, 1)
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    assert.equal((await (await serve(t, target)).get('plain/one')).status, 200)
  })

  test('names nothing that a sweep takes away meanwhile', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    await client.call('PUT', '/v1/buckets/plain', {})
    for (let at = 0; at < 10; at += 1) await client.put(`plain/${at}`, randomBytes(50_000))
    await client.close()
    const service = openService(configOf(place))
    const catalog = await service.open()
    t.after(() => catalog.close())
    const sweep = (): Promise<number> =>
      sweepContents(
        { catalog, blobs: service.blobs, clock: service.clock, heldAmong: async () => [] },
        QUIET.signal,
      )
    // In the middle of the backup everything is deleted, long ago as the sweep sees it.
    const swept: { count: Promise<number> | null } = { count: null }
    async function removeAndSweep(): Promise<number> {
      const rights = { epoch: null }
      for (let at = 0; at < 10; at += 1) {
        const ids = { versionId: null, newVersionId: `v${at}`, newFileId: `file_${at}` }
        const path = { bucket: 'plain', key: `${at}` }
        await catalog.files.remove({ path, ...ids, nowMs: 0 }, rights)
      }
      return sweep()
    }
    const blobs: BlobStore = {
      ...service.blobs,
      open: async (...asked) => {
        swept.count ??= removeAndSweep()
        await swept.count
        return service.blobs.open(...asked)
      },
    }
    const done = await backUpAll({
      service: { ...service, blobs },
      files: openBackupFiles(join(makeFolder(t), 'backup')),
      version: 'test',
      withMasterKey: false,
      ...QUIET,
    })
    assert.equal(await swept.count, 0)
    assert.deepEqual(done.manifest.damaged, [])
    assert.equal(done.added, 10)
    // Nobody keeps them any more.
    assert.equal(await sweep(), 10)
  })
})

describe('a backup that is not whole', () => {
  test('is taken for none: cut off, changed, or with a blob that is damaged', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    await fill(client)
    const folder = join(makeFolder(t), 'backup')
    const { snapshot } = await backUp(place, folder)
    const snapshots = join(folder, 'snapshots')

    // One that was cut off has no manifest.
    const stop = new AbortController()
    const cutOff = backUpService(configOf(place), {
      at: join(folder, '..', 'cut'),
      withMasterKey: false,
      onProgress: ({ what, done }) => what === 'blobs' && done === 3 && stop.abort(),
      signal: stop.signal,
    })
    await assert.rejects(cutOff)
    const target = await makePlace(t, 'sqlite')
    await assert.rejects(
      restoreService(configOf(target), { at: join(folder, '..', 'cut'), ...NEWEST }),
      /no whole backup/,
    )

    const manifest = join(snapshots, snapshot, 'manifest.json')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('"format": 1', '"format": 2'))
    await assert.rejects(
      restoreService(configOf(target), { at: folder, ...NEWEST }),
      /not what was written/,
    )
    writeFileSync(manifest, text)

    const catalog = join(snapshots, snapshot, 'catalog.jsonl.gz')
    const rows = readFileSync(catalog)
    const flipped = Buffer.from(rows)
    flipped[50] = (flipped[50] ?? 0) ^ 1
    writeFileSync(catalog, flipped)
    await assert.rejects(
      restoreService(configOf(target), { at: folder, ...NEWEST }),
      /its hash or its size/,
    )
    writeFileSync(catalog, rows)

    const blob = blobOfOne(join(folder, 'blobs'))
    const bytes = readFileSync(blob)
    const wrong = Buffer.from(bytes)
    wrong[7] = (wrong[7] ?? 0) ^ 4
    writeFileSync(blob, wrong)
    const checked = await checkServiceBackup({ at: folder, ...NEWEST })
    assert.equal(checked.faulty.length, 1)
    await assert.rejects(
      restoreService(configOf(target), { at: folder, ...NEWEST }),
      /1 blobs of the backup/,
    )
    // No server starts on what is half there.
    await assert.rejects(serve(t, target), /did not finish/)
    writeFileSync(blob, bytes)
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    const restored = await serve(t, target)
    assert.equal((await restored.get('acme/large/1')).status, 200)
  })

  test('nothing is restored over what is there, and nothing backed up into a folder of others', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    await fill(client)
    const folder = join(makeFolder(t), 'backup')
    await backUp(place, folder)
    await client.close()
    await assert.rejects(
      restoreService(configOf(place), { at: folder, ...NEWEST }),
      /must be empty/,
    )
    const other = makeFolder(t)
    writeFileSync(join(other, 'letter.txt'), 'dear')
    await assert.rejects(backUp(place, other), /holds something else/)
    await assert.rejects(
      restoreService(configOf(await makePlace(t, 'sqlite')), { at: other, ...NEWEST }),
      /holds no backup/,
    )
  })

  test('says which blobs were damaged, and restores without them: those files are refused, all others are there', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    const kept = await fill(client)
    rmSync(blobOfOne(join(place.dataDir, 'blobs')))
    const folder = join(makeFolder(t), 'backup')
    const { manifest } = await backUp(place, folder)
    assert.equal(manifest.damaged.length, 1)
    const target = await makePlace(t, 'sqlite')
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    const restored = await serve(t, target)
    const statuses = await Promise.all(
      [...kept.keys()].map(async (path) => (await restored.get(path)).status),
    )
    assert.equal(statuses.filter((status) => status === 500).length, 1)
    assert.equal(statuses.filter((status) => status === 200).length, kept.size - 1)
  })

  test('of which the service itself had found a blob damaged is restored like any other', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    const kept = await fill(client)
    rmSync(blobOfOne(join(place.dataDir, 'blobs')))
    assert.equal((await findFaults(configOf(place), { repair: true })).length, 1)
    const folder = join(makeFolder(t), 'backup')
    assert.equal((await backUp(place, folder)).manifest.damaged.length, 1)
    const target = await makePlace(t, 'sqlite')
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    const restored = await serve(t, target)
    const statuses = await Promise.all(
      [...kept.keys()].map(async (path) => (await restored.get(path)).status),
    )
    assert.equal(statuses.filter((status) => status === 500).length, 1)
  })
})

describe('a backup of a schema before this one', () => {
  /** As an older version would have said. */
  function saySchema(folder: string, snapshot: string, schema: number): void {
    const path = join(folder, 'snapshots', snapshot, 'manifest.json')
    const { sha256: _, ...said } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const manifest = { ...said, schema }
    const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex')
    writeFileSync(path, JSON.stringify({ ...manifest, sha256 }))
  }

  test('whose restore was cut off when its catalog was up already goes on, and changes it no more', async (t) => {
    const place = await makePlace(t, 'sqlite')
    const client = await serve(t, place)
    const kept = await fill(client)
    const folder = join(makeFolder(t), 'backup')
    const { snapshot, manifest } = await backUp(place, folder)
    const target = await makePlace(t, 'sqlite')
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    saySchema(folder, snapshot, manifest.schema - 1)
    writeFileSync(join(target.dataDir, RESTORING_FILE), `${snapshot}\n`)
    await restoreService(configOf(target), { at: folder, ...NEWEST })
    await requireAll(await serve(t, target), kept)
  })

  test('is not restored over an empty catalog that is up already', async (t) => {
    const place = await makePlace(t, 'sqlite')
    await (await serve(t, place)).close()
    const folder = join(makeFolder(t), 'backup')
    const { snapshot, manifest } = await backUp(place, folder)
    saySchema(folder, snapshot, manifest.schema - 1)
    const target = await makePlace(t, 'sqlite')
    await openService(configOf(target)).rows.migrate(manifest.schema)
    await assert.rejects(
      restoreService(configOf(target), { at: folder, ...NEWEST }),
      /a step never goes back/,
    )
    assert.equal(existsSync(join(target.dataDir, RESTORING_FILE)), false)
  })
})

test('the master key is in a backup only if it was asked for', async (t) => {
  const dataDir = join(makeFolder(t), 'data')
  const server = await startServer({
    dataDir,
    port: 0,
    logLevel: 'silent',
    console: 'off',
    adminKey: ADMIN_KEY,
  })
  t.after(() => server.close())
  const folder = join(makeFolder(t), 'backup')
  const without = await backUp({ dataDir }, folder)
  assert.equal(without.manifest.masterKey, null)
  assert.ok(!existsSync(join(folder, 'snapshots', without.snapshot, 'master.key')))
  await backUp({ dataDir }, folder, true)
  const target = await makePlace(t, 'sqlite')
  const restored = await restoreService(configOf(target), { at: folder, ...NEWEST })
  assert.equal(restored.hasMasterKey, true)
  assert.deepEqual(
    readFileSync(join(target.dataDir, 'master.key')),
    readFileSync(join(dataDir, 'master.key')),
  )
})

/** `fill` makes the file `acme/large/3` of that size, and no other. */
const SIZE_OF_ONE = 40_003

/** Its blob in a store on a disk. */
function blobOfOne(root: string): string {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && statSync(path).size === SIZE_OF_ONE) return path
  }
  throw new Error('There is no such blob.')
}
