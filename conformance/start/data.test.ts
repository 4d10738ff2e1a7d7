/** A data directory belongs to one server, and what is wrong with it is refused before anything in it is touched. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '../lib/patience.ts'
import { bannerValue, makeDataDir, spawnHallpass } from './spawn-server.ts'
import type { Spawned } from './spawn-server.ts'

function serve(t: TestContext, dataDir: string, ...words: readonly string[]): Spawned {
  return spawnHallpass(t, ['serve', ...words], { HALLPASS_DATA_DIR: dataDir, HALLPASS_PORT: '0' })
}

/** Exits with 2 and says why, for people. */
async function assertRefused(started: Spawned, reason: RegExp): Promise<void> {
  assert.equal(await started.exited, 2, started.stderr())
  assert.match(started.stderr(), reason)
  assert.doesNotMatch(started.stderr(), /\n {4}at /)
  assert.doesNotMatch(started.stdout(), /listening|first start/)
}

/** A directory with a file too large for the catalog, of a server that has ended. */
async function makeUsedData(t: TestContext): Promise<string> {
  const dataDir = makeDataDir(t)
  const server = serve(t, dataDir)
  const url = await server.ready()
  const answer = await fetch(`${url}/v1/files?path=samples/large.bin`, {
    method: 'PUT',
    headers: { authorization: bannerValue(server.stdout(), 'Admin API key') },
    body: new Uint8Array(100_000),
  })
  assert.equal(answer.status, 201)
  server.child.kill('SIGTERM')
  await server.exited
  return dataDir
}

test('a second server over one data directory is refused, and one after a kill -9 is not', async (t) => {
  const dataDir = makeDataDir(t)
  for (const words of [[], ['--workers', '2']]) {
    const first = serve(t, dataDir, ...words)
    await first.ready()
    for (const more of [[], ['--workers', '2']]) {
      await assertRefused(serve(t, dataDir, ...more), /is in use by another server/)
    }
    first.child.kill('SIGKILL')
    await first.exited
    const next = serve(t, dataDir, ...words)
    await next.ready()
    next.child.kill('SIGTERM')
    assert.equal(await next.exited, 0)
  }
})

test('workers whose supervisor was killed hold the directory until their uploads are done', async (t) => {
  const dataDir = makeDataDir(t)
  const first = serve(t, dataDir, '--workers', '2')
  const url = await first.ready()
  const upload = request(`${url}/v1/files?path=samples/slow.bin`, {
    method: 'PUT',
    headers: { authorization: bannerValue(first.stdout(), 'Admin API key') },
  })
  const answered = Promise.withResolvers<number>()
  upload.on('error', answered.reject)
  upload.on('response', (response) => answered.resolve(response.resume().statusCode ?? 0))
  upload.write(new Uint8Array(100_000))
  const temporary = join(dataDir, 'blobs', 'tmp')
  await waitUntil(() => readdirSync(temporary).length > 0)
  // Its workers still hold its outputs.
  const killed = once(first.child, 'exit')
  first.child.kill('SIGKILL')
  await killed
  const next = serve(t, dataDir)
  // Time enough to start, and to clear the upload away, if it did not wait.
  await sleep(1500)
  assert.equal(next.stdout() + next.stderr(), '')
  assert.equal(readdirSync(temporary).length, 1)
  upload.end('the rest')
  assert.equal(await answered.promise, 201)
  await next.ready()
})

test('a missing master.key beside a catalog is refused, and no new one is written', async (t) => {
  const dataDir = await makeUsedData(t)
  const key = join(dataDir, 'master.key')
  renameSync(key, `${key}.away`)
  await assertRefused(serve(t, dataDir), /catalog\.db is there and \S+master\.key is not.*backup/)
  assert.equal(existsSync(key), false)
  renameSync(`${key}.away`, key)
  await serve(t, dataDir).ready()
})

test('blobs without a catalog are no first start', async (t) => {
  const dataDir = await makeUsedData(t)
  for (const suffix of ['', '-wal', '-shm'])
    rmSync(join(dataDir, `catalog.db${suffix}`), { force: true })
  await assertRefused(
    serve(t, dataDir),
    /blobs holds files and \S+catalog\.db is not there.*backup/,
  )
  rmSync(join(dataDir, 'master.key'))
  await assertRefused(serve(t, dataDir), /blobs holds files/)
  assert.equal(existsSync(join(dataDir, 'master.key')), false)
  assert.equal(existsSync(join(dataDir, 'catalog.db')), false)
})

test('the log of a catalog without the catalog is refused, and kept', async (t) => {
  const dataDir = makeDataDir(t)
  mkdirSync(dataDir, { mode: 0o700 })
  const log = join(dataDir, 'catalog.db-wal')
  writeFileSync(log, 'the newest changes', { mode: 0o600 })
  await assertRefused(serve(t, dataDir), /catalog\.db-wal is there and \S+catalog\.db is not/)
  assert.equal(readFileSync(log, 'utf8'), 'the newest changes')
})

test('a link in place of a folder or of the catalog is refused, and what it leads to is not touched', async (t) => {
  const elsewhere = makeDataDir(t)
  mkdirSync(join(elsewhere, 'tmp'), { recursive: true })
  writeFileSync(join(elsewhere, 'tmp', 'precious'), 'x')
  for (const name of ['blobs', 'blobs/tmp', 'catalog.db', 'server.lock']) {
    const dataDir = await makeUsedData(t)
    rmSync(join(dataDir, name), { recursive: true })
    const target = name === 'blobs' ? elsewhere : join(elsewhere, 'tmp')
    symlinkSync(name.startsWith('blobs') ? target : join(target, 'precious'), join(dataDir, name))
    await assertRefused(serve(t, dataDir), new RegExp(`${name} is not a (?:folder|file)`))
    assert.equal(readFileSync(join(elsewhere, 'tmp', 'precious'), 'utf8'), 'x', name)
    assert.deepEqual(readdirSync(elsewhere), ['tmp'], name)
  }
})

test('what others can read is refused with the command that ends it', async (t) => {
  const dataDir = await makeUsedData(t)
  for (const [name, mode] of [
    ['', 0o755],
    ['catalog.db', 0o644],
    ['catalog.db', 0o660],
    ['master.key', 0o640],
  ] as const) {
    const path = name === '' ? dataDir : join(dataDir, name)
    chmodSync(path, mode)
    const command = `run chmod ${name === '' ? '700' : '600'} ${path}`
    await assertRefused(serve(t, dataDir), new RegExp(command))
    chmodSync(path, name === '' ? 0o700 : 0o600)
  }
  await serve(t, dataDir).ready()
})

test('a whole copy of a data directory starts, here and elsewhere', async (t) => {
  const dataDir = await makeUsedData(t)
  const copy = makeDataDir(t)
  cpSync(dataDir, copy, { recursive: true })
  chmodSync(copy, 0o700)
  await Promise.all([serve(t, dataDir).ready(), serve(t, copy).ready()])
})
