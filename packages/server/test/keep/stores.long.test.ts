/** Services whose files lie in an object store are kept and moved as any other; backups lie in one too. The store is another Hallpass. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, test } from 'node:test'
import type { TestContext } from 'node:test'
import {
  backUpService,
  checkServiceBackup,
  copyServiceTo,
  restoreService,
} from '../../src/keeping.ts'
import { openService } from '../../src/open-service.ts'
import { openS3StoreAt, startOwnServer } from '../stores/s3/s3-fixture.ts'
import type { OwnServer } from '../stores/s3/s3-fixture.ts'
import { NO_HEADERS } from '../suites/object-store-suite.ts'
import {
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
const NEVER = new AbortController().signal

describe('files in an object store', () => {
  let own: OwnServer
  before(async () => {
    own = await startOwnServer()
    // What Amazon's chain finds first.
    process.env['AWS_ACCESS_KEY_ID'] = own.credentials.accessKeyId
    process.env['AWS_SECRET_ACCESS_KEY'] = own.credentials.secretAccessKey
  })
  after(async () => {
    delete process.env['AWS_ACCESS_KEY_ID']
    delete process.env['AWS_SECRET_ACCESS_KEY']
    await own.server.stop()
  })

  const addressOf = (prefix: string): string =>
    `s3://${own.bucket}/${prefix}?endpoint=${own.origin}`

  async function storedPlace(
    t: TestContext,
    kind: Databases,
    blobs = addressOf(randomBytes(6).toString('hex')),
  ): Promise<Place> {
    return {
      ...(await makePlace(t, kind)),
      blobs,
      blobsAccessKeyId: own.credentials.accessKeyId,
      blobsSecretAccessKey: own.credentials.secretAccessKey,
    }
  }

  test('are backed up to a folder and to a store, and restored from either into either', async (t) => {
    const place = await storedPlace(t, 'sqlite')
    const client = await serve(t, place)
    const kept = await fill(client)
    const [folder, store] = [join(makeFolder(t), 'backup'), addressOf('backups/first')]
    const wish = { withMasterKey: false, ...QUIET }
    for (const at of [folder, store]) {
      const done = await backUpService(configOf(place), { at, ...wish })
      assert.deepEqual(done.manifest.damaged, [])
      assert.ok(done.added > 10)
      const again = await backUpService(configOf(place), { at, ...wish })
      assert.equal(again.added, 0)
      assert.deepEqual((await checkServiceBackup({ at, ...NEWEST })).faulty, [])
    }
    await client.close()
    const onDisk = await makePlace(t, 'sqlite')
    await restoreService(configOf(onDisk), { at: store, ...NEWEST })
    await requireAll(await serve(t, onDisk), kept)

    const inStore = await storedPlace(t, 'sqlite')
    await restoreService(configOf(inStore), { at: folder, ...NEWEST })
    const restored = await serve(t, inStore)
    await requireAll(restored, kept)
    await restored.close()
    // Whose it is, is settled: nobody else restores or starts there.
    const other = await storedPlace(t, 'sqlite', inStore.blobs)
    await assert.rejects(
      restoreService(configOf(other), { at: folder, ...NEWEST }),
      /must be empty/,
    )
    await assert.rejects(serve(t, other), /another installation/)
    await assert.rejects(backUpService(configOf(place), { at: inStore.blobs ?? '', ...wish }), {
      message: /holds something else/,
    })
  })

  test('are looked at by fsck, which names what is missing or changed there', async (t) => {
    const place = await storedPlace(t, 'sqlite')
    const client = await serve(t, place)
    await fill(client)
    assert.deepEqual(await findFaults(configOf(place), { hashes: true }), [])
    const store = openS3StoreAt(own, place.blobs ?? '')
    t.after(() => store.close())
    const wrong = ['acme/large/0', 'acme/large/3']
    const [missing = '', changed = ''] = await contentsOf(place, wrong)
    const { objects } = await store.list({ prefix: '', delimiter: null, after: '', limit: 1000 })
    const keyOf = (id: string): string =>
      objects.find(({ key }) => key.endsWith(`/${id}`))?.key ?? assert.fail(`no ${id}`)
    await store.delete(keyOf(missing))
    async function* others(): AsyncGenerator<Uint8Array> {
      yield randomBytes(40_003)
    }
    const writing = { size: 40_003, headers: NO_HEADERS, condition: null, signal: NEVER }
    await store.write(keyOf(changed), others(), writing)
    const found = await findFaults(configOf(place), { hashes: true, repair: true })
    assert.deepEqual(found.map(({ kind, paths }) => `${kind} ${paths.join()}`).toSorted(), [
      `blob-changed ${wrong[1]}`,
      `blob-missing ${wrong[0]}`,
    ])
    const quick = await findFaults(configOf(place))
    assert.deepEqual(
      quick.map(({ kind }) => kind),
      ['blob-missing'],
    )
  })

  test('are moved to from a folder and back, and a catalog moves alone beside them', async (t) => {
    const [disk, stored] = [await makePlace(t, 'sqlite'), await storedPlace(t, 'postgres')]
    const client = await serve(t, disk)
    const kept = await fill(client)
    const wish = { ...QUIET, switches: true }
    assert.equal((await copyServiceTo(configOf(disk), configOf(stored), wish)).damaged, 0)
    assert.deepEqual(await findFaults(configOf(stored), { hashes: true }), [])
    const moved = await serve(t, stored)
    await requireAll(moved, kept)
    assert.deepEqual(readdirSync(stored.dataDir).includes('blobs'), false)
    await moved.close()

    const beside = await storedPlace(t, 'sqlite', stored.blobs)
    assert.equal((await copyServiceTo(configOf(stored), configOf(beside), wish)).isSwitched, true)
    const alone = await serve(t, beside)
    await requireAll(alone, kept)
    await alone.close()
    await assert.rejects(serve(t, stored), /was moved to/)

    const back = await makePlace(t, 'sqlite')
    assert.equal((await copyServiceTo(configOf(beside), configOf(back), wish)).damaged, 0)
    await requireAll(await serve(t, back), kept)
  })
})

async function contentsOf(place: Place, paths: readonly string[]): Promise<readonly string[]> {
  const service = openService(configOf(place))
  const rows = await service.rows.open()
  try {
    const found = await rows.read((session) =>
      session.ask("SELECT bucket || '/' || key AS path, content_id FROM files"),
    )
    return paths.map((path) => String(found.find(([each]) => each === path)?.[1]))
  } finally {
    await rows.close()
    await service.close()
  }
}
