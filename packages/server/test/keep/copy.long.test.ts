/** A service is moved while it is written to, by a copy that is cut off on the way; nothing is lost, and nothing is written behind its back. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { KEPT_TABLES } from '../../src/catalog/rows/row-tables.ts'
import { copyServiceTo } from '../../src/keeping.ts'
import { openService } from '../../src/open-service.ts'
import {
  QUIET,
  configOf,
  fill,
  findFaults,
  makePlace,
  requireAll,
  serve,
  sha256,
} from './keep-fixture.ts'
import type { Client, Databases, Place } from './keep-fixture.ts'

/** By hand 100,000. */
const FILES = Number(process.env['HALLPASS_COPY_FILES'] ?? 60)

/** Writes, replaces, moves and deletes until the service takes no more; what was acknowledged, by its path. */
function startLoad(client: Client): { stop(): Promise<ReadonlyMap<string, string | null>> } {
  const known = new Map<string, string | null>()
  let isOver = false
  async function run(): Promise<void> {
    await client.call('PUT', '/v1/buckets/load', {})
    for (let turn = 0; !isOver; turn += 1) {
      const path = `load/${turn % 40}`
      const bytes = randomBytes(turn % 3 === 0 ? 40_000 : 200)
      try {
        await client.put(path, bytes)
        known.set(path, sha256(bytes))
        if (turn % 7 !== 6) continue
        known.delete(path)
        await client.remove(path)
        known.set(path, null)
      } catch {
        // The last one before the move may have come to be or not; a path that is not known is not looked at.
        known.delete(path)
        isOver = true
      }
    }
  }
  const running = run()
  return {
    async stop() {
      isOver = true
      await running
      return known
    },
  }
}

async function countsOf(place: Place): Promise<Readonly<Record<string, number>>> {
  const rows = await openService(configOf(place)).rows.open()
  try {
    return await rows.read(async (session) => {
      const counts: Record<string, number> = {}
      for (const { name } of KEPT_TABLES) {
        const [found] = await session.ask(`SELECT count(*) AS n FROM ${name}`)
        counts[name] = Number(found?.[0])
      }
      return counts
    })
  } finally {
    await rows.close()
  }
}

const WAYS: readonly (readonly [from: Databases, to: Databases])[] = [
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
]

for (const [from, to] of WAYS) {
  test(`${FILES} files move from ${from} to ${to} under load, the copy cut off twice`, async (t) => {
    const [old, fresh] = [await makePlace(t, from), await makePlace(t, to)]
    const client = await serve(t, old)
    const kept = await fill(client)
    await client.call('PUT', '/v1/buckets/many', {})
    for (let at = 0; at < FILES; at += 1) await client.put(`many/${at}`, randomBytes(33_000))
    const load = startLoad(client)
    await sleep(100)
    for (const killAt of [3, 40]) await assert.rejects(copyUntil(old, fresh, killAt))
    const done = await copyServiceTo(configOf(old), configOf(fresh), { ...QUIET, switches: true })
    assert.equal(done.isSwitched, true)
    assert.equal(done.damaged, 0)
    t.diagnostic(`nobody could write for ${Math.ceil(done.pausedMs)} ms`)
    const known = await load.stop()
    assert.deepEqual(await countsOf(fresh), await countsOf(old))
    assert.deepEqual(await findFaults(configOf(fresh), { hashes: true }), [])

    const moved = await serve(t, fresh)
    await requireAll(moved, kept)
    await requireAll(moved, new Map([...known].filter(isThere)))
    const there = new Set(await moved.list('load'))
    for (const [path, hash] of known) assert.equal(there.has(path), hash !== null, path)
    assert.equal((await moved.list('many')).length, FILES)
    for (const path of (await moved.list('many')).slice(0, 50)) {
      assert.equal((await moved.get(path)).status, 200)
    }
    await moved.put('many/new', randomBytes(50_000))
    // What was moved from is served by nobody any more.
    await assert.rejects(serve(t, old), /was moved to/)
    await requireFenced(t, old)
  })
}

function isThere(entry: readonly [string, string | null]): entry is [string, string] {
  return entry[1] !== null
}

/** Ends in the middle; whatever was begun is left as it is. */
async function copyUntil(old: Place, fresh: Place, blobs: number): Promise<void> {
  const stop = new AbortController()
  let done = 0
  await copyServiceTo(configOf(old), configOf(fresh), {
    switches: true,
    signal: stop.signal,
    onProgress: ({ what }) => {
      if (what === 'rows') return
      done += 1
      if (done > blobs) stop.abort()
    },
  })
}

/** Also whoever comes past the servers, or is a server of an older version, is refused. */
async function requireFenced(t: TestContext, place: Place): Promise<void> {
  const catalog = await openService(configOf(place)).open()
  t.after(() => catalog.close())
  const bucket = { name: 'late', createdAt: 0, versioning: 'off', settings: {} } as const
  await assert.rejects(catalog.buckets.create(bucket, null), {
    name: 'StoreError',
    fault: 'unavailable',
  })
}

test('a server over the target waits until it is switched to; without the switch another call goes on', async (t) => {
  const [old, fresh] = [await makePlace(t, 'sqlite'), await makePlace(t, 'postgres')]
  const client = await serve(t, old)
  const kept = await fill(client)
  const first = await copyServiceTo(configOf(old), configOf(fresh), { ...QUIET, switches: false })
  assert.equal(first.isSwitched, false)
  let isServing = false
  const waiting = serve(t, fresh).then((moved) => {
    isServing = true
    return moved
  })
  const late = randomBytes(45_000)
  await client.put('acme/large/late', late)
  assert.equal(isServing, false)
  await copyServiceTo(configOf(old), configOf(fresh), { ...QUIET, switches: true })
  const moved = await waiting
  await requireAll(moved, new Map([...kept, ['acme/large/late', sha256(late)]]))
  // Called once more, there is nothing left to do.
  const again = await copyServiceTo(configOf(old), configOf(fresh), { ...QUIET, switches: true })
  assert.equal(again.isSwitched, true)
})

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

test('a blob that is damaged in a folder of both stays there as it is', async (t) => {
  const old = await makePlace(t, 'sqlite')
  const client = await serve(t, old)
  await fill(client)
  const blobs = join(old.dataDir, 'blobs')
  const [damaged = ''] = filesIn(blobs)
  const bytes = readFileSync(damaged)
  bytes[7] = (bytes[7] ?? 0) ^ 4
  writeFileSync(damaged, bytes)
  const fresh = { ...(await makePlace(t, 'postgres')), dataDir: old.dataDir }
  const wish = { ...QUIET, switches: false }
  const done = await copyServiceTo(configOf(old), configOf(fresh), wish)
  assert.equal(done.damaged, 1)
  assert.ok(readFileSync(damaged).equals(bytes))
})

test('a repair of what was moved from deletes nothing of what was moved to', async (t) => {
  const old = await makePlace(t, 'sqlite')
  await (await serve(t, old)).close()
  const fresh = { ...(await makePlace(t, 'postgres')), dataDir: old.dataDir }
  await copyServiceTo(configOf(old), configOf(fresh), { ...QUIET, switches: true })
  const moved = await serve(t, fresh)
  await moved.call('PUT', '/v1/buckets/acme', {})
  await moved.put('acme/new', randomBytes(50_000))
  const [blob = ''] = filesIn(join(old.dataDir, 'blobs'))
  utimesSync(blob, 0, 0)
  const found = await findFaults(configOf(old), { repair: true })
  assert.deepEqual(
    found.map(({ kind, isRepaired }) => [kind, isRepaired]),
    [['blob-unknown', false]],
  )
  assert.equal((await moved.get('acme/new')).status, 200)
})

test('a source whose files lie in a store that is not named leaves no mark in the target', async (t) => {
  const [old, fresh] = [await makePlace(t, 'sqlite'), await makePlace(t, 'sqlite')]
  const client = await serve(t, old)
  await fill(client)
  await client.close()
  const rows = await openService(configOf(old)).rows.open()
  await rows.change((session) => session.run("UPDATE installation SET blobs = 's3://files/x'"))
  await rows.close()
  const wish = { ...QUIET, switches: false }
  await assert.rejects(
    copyServiceTo(configOf(old), configOf(fresh), wish),
    /HALLPASS_BLOBS is not set/,
  )
  await (await serve(t, fresh)).close()
})

test('nothing is copied over what is there, or from two places at once', async (t) => {
  const [old, other, taken] = [
    await makePlace(t, 'sqlite'),
    await makePlace(t, 'sqlite'),
    await makePlace(t, 'sqlite'),
  ]
  for (const place of [old, other, taken]) await (await serve(t, place)).close()
  const wish = { ...QUIET, switches: false }
  await assert.rejects(copyServiceTo(configOf(old), configOf(taken), wish), /must be empty/)
  const fresh = await makePlace(t, 'sqlite')
  await copyServiceTo(configOf(old), configOf(fresh), wish)
  await assert.rejects(
    copyServiceTo(configOf(other), configOf(fresh), wish),
    /is being filled from/,
  )
})
