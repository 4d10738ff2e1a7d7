/**
 * `hallpass copy` from SQLite and a folder to PostgreSQL and SeaweedFS, killed twice on the way, while clients write to the service that
 * moves: none of them is refused for good, and nothing is lost. `HALLPASS_COPY_FILES` says how many files: 100,000 by hand.
 */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { Client } from 'pg'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { inStore } from '../crash/blob-place.ts'
import { createRetrying } from '../crash/nodes/retry.ts'
import { startSteadyClients } from '../crash/nodes/steady-clients.ts'
import { createObjectClient } from '../crash/object-client.ts'
import type { ObjectClient } from '../crash/object-client.ts'
import { BUCKET } from '../crash/object-names.ts'
import { bytesOf, createSeededRandom } from '../crash/random.ts'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { startServerProcess } from '../crash/server-process.ts'
import { startBalancer } from '../lib/balancer.ts'
import { seaweedOfProcess } from '../lib/seaweed-of-process.ts'
import { whyNoSeaweed } from '../lib/seaweed.ts'
import { spawnHallpass } from '../start/spawn-server.ts'
import type { Spawned } from '../start/spawn-server.ts'

const FILES = Number(process.env['HALLPASS_COPY_FILES'] ?? 1200)
const seed = Number(process.env['HALLPASS_CRASH_SEED'] ?? Date.now() % 2 ** 31)
/** More than the catalog keeps itself. */
const BYTES = 33_000
const AT_ONCE = 8
const CLIENTS = 4
const KEYS = {
  accessKeyId: 'HPCOPYTESTSKEYPAIR23',
  secretAccessKey: 'copy-tests/secret+0123456789abcdefghijkl',
}

interface Moving {
  /** Settings files. */
  readonly from: string
  readonly to: string
  readonly database: string
  readonly startOld: () => Promise<void>
  readonly startNew: () => Promise<void>
  readonly ports: readonly number[]
}

async function prepare(t: TestContext): Promise<Moving> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-copy-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const database = await (await startPostgres()).createDatabase()
  const { env } = inStore(await seaweedOfProcess())
  const old = { dataDir: join(folder, 'old') }
  const fresh = {
    dataDir: join(folder, 'new'),
    databaseUrl: database,
    blobs: env['HALLPASS_BLOBS'],
    blobsAccessKeyId: env['HALLPASS_BLOBS_ACCESS_KEY_ID'],
    blobsSecretAccessKey: env['HALLPASS_BLOBS_SECRET_ACCESS_KEY'],
  }
  const files = { from: join(folder, 'old.json'), to: join(folder, 'new.json') }
  writeFileSync(files.from, JSON.stringify(old))
  writeFileSync(files.to, JSON.stringify(fresh))
  const [oldPort, newPort] = [await findPort(), await findPort()]
  const start = async (where: Where): Promise<void> => {
    const server = await startServerProcess({ ...KEYS, ...where })
    t.after(() => server.kill())
  }
  const alike = { ...env, HALLPASS_DATABASE_URL: database }
  return {
    ...files,
    database,
    ports: [oldPort, newPort],
    startOld: () => start({ dataDir: old.dataDir, port: oldPort }),
    startNew: () => start({ dataDir: fresh.dataDir, port: newPort, env: alike }),
  }
}

interface Where {
  readonly dataDir: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
}

async function forEach(work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  async function run(): Promise<void> {
    while (next < FILES) await work(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run))
}

const keyOf = (index: number): string => `many/${index}`

async function fill(objects: ObjectClient): Promise<void> {
  await objects.createBucket()
  await forEach(async (index) => {
    assert.equal(await objects.put(keyOf(index), bytesOf(index, BYTES)), 200)
  })
}

function startCopy(t: TestContext, { from, to }: Moving): Spawned {
  return spawnHallpass(t, ['copy', '--from', from, '--to', to, '--json'])
}

/** What a copy has remembered as brought, on one connection; -1 before it is so far. */
async function watchBrought(t: TestContext, url: string): Promise<() => Promise<number>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  t.after(() => client.end())
  const ask = async (text: string): Promise<unknown> =>
    (await client.query<{ found: unknown }>(text)).rows[0]?.found
  return async () => {
    if ((await ask("SELECT to_regclass('moved_blobs') AS found")) === null) return -1
    return Number(await ask('SELECT count(*) AS found FROM moved_blobs'))
  }
}

/** `kill -9` of a copy that has brought so many; false if it was over before. */
async function killCopy(
  t: TestContext,
  moving: Moving,
  hasCome: () => Promise<boolean>,
): Promise<boolean> {
  const copy = startCopy(t, moving)
  while (copy.child.exitCode === null && !(await hasCome())) await sleep(20)
  copy.child.kill('SIGKILL')
  await copy.exited
  assert.ok(copy.child.exitCode === null || copy.child.exitCode === 0, copy.stderr())
  return copy.child.exitCode === null
}

test(
  `${FILES} files move from SQLite and a folder to PostgreSQL and SeaweedFS under load, the copy killed twice (seed ${seed})`,
  { skip: whyNoSeaweed() },
  async (t) => {
    const moving = await prepare(t)
    const balancer = await startBalancer()
    t.after(() => balancer.close())
    balancer.spread(moving.ports.slice(0, 1))
    await moving.startOld()
    const objects = createObjectClient({ origin: balancer.origin, bucket: BUCKET, ...KEYS })
    await fill(objects)
    const retrying = createRetrying()
    const random = createSeededRandom(seed)
    const clients = startSteadyClients({ objects, retrying, random, clients: CLIENTS })
    await clients.more(20)

    const count = await watchBrought(t, moving.database)
    // It remembers 500 at a time: enough are left to be killed before the last.
    for (const brought of [0, Math.min(500, FILES / 2)]) {
      const wasKilled = await killCopy(t, moving, async () => (await count()) >= brought)
      assert.ok(wasKilled, 'the copy was over before it was killed')
    }
    const copy = startCopy(t, moving)
    assert.equal(await copy.exited, 0, copy.stderr())
    const done = JSON.parse(copy.stdout()) as { isSwitched: boolean; damaged: number }
    t.diagnostic(`${copy.stdout().trim()} with ${clients.acknowledged()} writes meanwhile`)
    assert.deepEqual([done.isSwitched, done.damaged], [true, 0])

    await moving.startNew()
    balancer.spread(moving.ports.slice(1))
    await clients.more(20)
    const held = await clients.end()
    const keys = await objects.listKeys()
    assert.equal(keys.length, FILES + held.size)
    for (const [key, sha256] of held) assert.equal((await objects.get(key))?.sha256, sha256, key)
    await forEach(async (index) => {
      const wanted = hash('sha256', bytesOf(index, BYTES), 'hex')
      assert.equal((await objects.get(keyOf(index)))?.sha256, wanted, keyOf(index))
    })
    const fsck = spawnHallpass(t, ['fsck', '--config', moving.to])
    assert.equal(await fsck.exited, 0, fsck.stdout() + fsck.stderr())
  },
)
