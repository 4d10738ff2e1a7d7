/**
 * Links for one use, over two processes that may be killed, or with HALLPASS_TEST_NODES over several servers. `HALLPASS_RACE_LINKS` says for how many links 64 clients race each:
 * 500 by hand.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { NODES } from '../lib/many-nodes.ts'
import { waitUntil } from '../lib/patience.ts'
import { download } from './download.ts'
import type { Download } from './download.ts'
import { startLinkedServer } from './linked-server.ts'
import type { IssuedLink, LinkedServer } from './linked-server.ts'

const LINKS = Number(process.env['HALLPASS_RACE_LINKS'] ?? 12)
const RACERS = 64
/** Links that are raced for at a time. */
const AT_ONCE = 4
const KILLS = 2

const SMALL = Buffer.alloc(1000, 's')
/** More than leaves at once. */
const MEDIUM = Buffer.alloc(600_000, 'm')
/** More than the systems of both sides hold. */
const LARGE = Buffer.alloc(24 * 1024 * 1024, 'l')

/** Until there is an answer: a server that was killed refuses connections before it is back. */
async function comeBack(url: string, range?: string): Promise<Download> {
  for (;;) {
    const got = await download(url, range === undefined ? {} : { range })
    if (got.status !== 0) return got
    await sleep(20)
  }
}

/** Of several servers the others have to take the one that was killed for lost first: as long as it may live it has the use. */
async function takeUp(url: string, range?: string): Promise<Download> {
  for (;;) {
    const got = await comeBack(url, range)
    if (NODES === 1 || got.status !== 410) return got
    await sleep(500)
  }
}

/** What the racers for each link got. */
async function raceFor(
  links: readonly IssuedLink[],
  onRace: (raced: number) => void = () => undefined,
): Promise<ReadonlyMap<string, readonly Download[]>> {
  const outcomes = new Map<string, readonly Download[]>()
  const waiting = [...links]
  async function raceOn(): Promise<void> {
    for (let link = waiting.pop(); link !== undefined; link = waiting.pop()) {
      const { id, url } = link
      onRace(outcomes.size)
      outcomes.set(id, await Promise.all(Array.from({ length: RACERS }, () => comeBack(url))))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, raceOn))
  return outcomes
}

function countWhole(downloads: readonly Download[]): number {
  return downloads.filter(({ status, isWhole }) => status === 200 && isWhole).length
}

test(`of ${RACERS} that race for each of ${LINKS} one-use links over ${NODES === 1 ? 'two processes' : `${NODES} servers`} exactly one gets it`, async (t) => {
  const server = await startLinkedServer(t)
  await server.put('samples/small.bin', SMALL)
  const links = await server.issue(LINKS, { path: 'samples/small.bin', maxUses: 1 })
  const outcomes = await raceFor(links)
  assert.equal(outcomes.size, LINKS)
  for (const [id, downloads] of outcomes) {
    assert.equal(countWhole(downloads), 1)
    const others = downloads.filter(({ status }) => status !== 200)
    assert.ok(others.every(({ status }) => status === 410))
    assert.equal(others.length, RACERS - 1)
    assert.equal(await server.usesOf(id), 1)
  }
})

test('while processes are killed nobody gets a second copy through a link for one', async (t) => {
  for (const bytes of [SMALL, MEDIUM]) {
    const server = await startLinkedServer(t)
    await server.put('samples/file.bin', bytes)
    const links = await server.issue(LINKS, { path: 'samples/file.bin', maxUses: 1 })
    const every = Math.max(1, Math.floor(LINKS / (KILLS + 1)))
    const outcomes = await raceFor(links, (raced) => {
      if (raced > 0 && raced % every === 0 && raced / every <= KILLS) server.killOne(raced)
    })
    const whole = [...outcomes.values()].map(countWhole)
    assert.ok(whole.every((count) => count <= 1))
    assert.ok(whole.filter((count) => count === 1).length > LINKS / 2)
  }
})

interface Broken {
  readonly server: LinkedServer
  readonly link: IssuedLink
  readonly first: Promise<Download>
  /** It is read slowly no more. */
  readonly hurry: () => void
}

/** A download that has begun, and is read slowly. */
async function beginSlowly(t: TestContext): Promise<Broken> {
  const server = await startLinkedServer(t)
  await server.put('samples/large.bin', LARGE)
  const [link] = await server.issue(1, { path: 'samples/large.bin', maxUses: 1 })
  assert.ok(link !== undefined)
  let hasBegun = false
  const onBytes = (): void => void (hasBegun = true)
  const until = new AbortController()
  const first = download(link.url, { slowly: { pauseMs: 20, until: until.signal }, onBytes })
  await waitUntil(() => hasBegun)
  return { server, link, first, hurry: () => until.abort() }
}

test('a download whose process is killed starts again at the one in its place, as the same use', async (t) => {
  const { server, link, first, hurry } = await beginSlowly(t)
  server.killEach()
  hurry()
  assert.equal((await first).isWhole, false)
  const second = await takeUp(link.url)
  assert.deepEqual([second.status, second.isWhole], [200, true])
  await waitUntil(async () => (await comeBack(link.url)).status === 410)
  assert.equal(await server.usesOf(link.id), 1)
})

test('a download that a crash of the whole server breaks goes on after the start', async (t) => {
  const { server, link, first, hurry } = await beginSlowly(t)
  await server.kill()
  hurry()
  assert.equal((await first).isWhole, false)
  await server.startAgain()
  const rest = await takeUp(link.url, 'bytes=1000-')
  assert.deepEqual([rest.status, rest.isWhole, rest.bytes], [206, true, LARGE.length - 1000])
  await waitUntil(async () => (await download(link.url)).status === 410)
  assert.equal(await server.usesOf(link.id), 1)
})
