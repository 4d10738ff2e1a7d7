/**
 * Revocations while links are used, over two processes, or with HALLPASS_TEST_NODES over several servers. `HALLPASS_REVOCATIONS` says how many: 1,000 by hand.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import { NODES } from '../lib/many-nodes.ts'
import { measureBusyness, waitUntil } from '../lib/patience.ts'
import { download } from './download.ts'
import type { Download } from './download.ts'
import { startLinkedServer } from './linked-server.ts'
import type { IssuedLink, LinkedServer } from './linked-server.ts'

const REVOCATIONS = Number(process.env['HALLPASS_REVOCATIONS'] ?? 40)
/** Clients that use links all the time. */
const CLIENTS = 16
const LARGE = Buffer.alloc(64 * 1024 * 1024, 'l')
const PROMISED_MS = 1000
/** The processes of one server know it at once, several servers within the time that is promised. */
const KNOWN_AFTER_MS = NODES === 1 ? 0 : PROMISED_MS
/** Readers of each link. */
const EACH = 6

test(`of ${REVOCATIONS} links that are revoked while they are used none serves a byte after the answer`, async (t) => {
  const server = await startLinkedServer(t)
  await server.put('samples/file.bin', Buffer.alloc(20_000, 'x'))
  const links = await server.issue(REVOCATIONS, { path: 'samples/file.bin', expiresIn: 3600 })
  const revokedAt = new Map<string, number>()
  /** How long after the answer to the revocation each was asked for that was served. */
  const late: number[] = []
  let served = 0
  let refused = 0
  const over = new AbortController()

  async function useAgainAndAgain(client: number): Promise<void> {
    for (let turn = client; !over.signal.aborted; turn += 1) {
      const { id, url } = links[turn % links.length] ?? { id: '', url: '' }
      const askedAt = performance.now()
      const { status } = await download(url)
      if (status === 403) refused += 1
      if (status !== 200) continue
      served += 1
      late.push(askedAt - (revokedAt.get(id) ?? Number.POSITIVE_INFINITY))
    }
  }

  const clients = Array.from({ length: CLIENTS }, (_, client) => useAgainAndAgain(client))
  await waitUntil(() => served > CLIENTS)
  for (const { id } of links) {
    await server.revoke(id)
    revokedAt.set(id, performance.now())
  }
  const knownAfterMs = KNOWN_AFTER_MS * measureBusyness()
  const before = refused
  await waitUntil(() => refused > before + CLIENTS)
  over.abort()
  await Promise.all(clients)
  assert.deepEqual(
    late.filter((ms) => ms > knownAfterMs),
    [],
  )
})

interface Running {
  readonly over: readonly Promise<Download>[]
  /** They are read slowly no more. */
  readonly hurry: () => void
}

/** Slow readers of each link, enough for each process to have some. */
async function readSlowly(links: readonly IssuedLink[]): Promise<Running> {
  const until = new AbortController()
  const slowly = { pauseMs: 50, until: until.signal }
  const begun = new Set<number>()
  const urls = links.flatMap(({ url }) => Array.from({ length: EACH }, () => url))
  const over = urls.map((url, index) => download(url, { slowly, onBytes: () => begun.add(index) }))
  await waitUntil(() => begun.size === urls.length)
  return { over, hurry: () => until.abort() }
}

/** By the server's log: a client goes on reading what its own system holds. */
async function assertCut(
  server: LinkedServer,
  { over, hurry }: Running,
  revoke: () => Promise<unknown>,
): Promise<void> {
  const cutBefore = server.cuts().length
  const before = measureBusyness()
  await revoke()
  const revokedAt = Date.now()
  await waitUntil(() => server.cuts().length === cutBefore + over.length)
  const busyness = Math.max(before, measureBusyness())
  for (const cutAt of server.cuts().slice(cutBefore)) {
    assert.ok(cutAt - revokedAt < PROMISED_MS * busyness, `after ${cutAt - revokedAt} ms`)
  }
  hurry()
  for (const { isWhole } of await Promise.all(over)) assert.equal(isWhole, false)
}

async function issueFor(server: LinkedServer, folder: string): Promise<readonly IssuedLink[]> {
  await server.put(`${folder}/large.bin`, LARGE)
  return server.issue(2, { path: `${folder}/large.bin`, expiresIn: 3600 })
}

test('downloads under way are cut within a second, by whatever their link was revoked, in every process', async (t) => {
  const server = await startLinkedServer(t)
  const single = await issueFor(server, 'samples/single')
  await assertCut(server, await readSlowly(single), () =>
    Promise.all(single.map(({ id }) => server.revoke(id))),
  )
  const targets = [
    { file: 'samples/swept/large.bin' },
    { folder: 'samples/swept/' },
    { key: await server.keyId() },
    { all: true },
  ]
  for (const target of targets) {
    const swept = await issueFor(server, 'samples/swept')
    await assertCut(server, await readSlowly(swept), () => server.sweep(target))
  }
})
