import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, test } from 'node:test'
import { createByteThreads } from '../../src/platform/byte-threads.ts'
import type { ByteThreads } from '../../src/platform/byte-threads.ts'
import { PIECE_BYTES } from '../../src/platform/shared-pieces.ts'
import type { CountingResult, CountingTask } from '../support/counting-thread.ts'

type Threads = ByteThreads<CountingTask, CountingResult>

const THREAD = new URL('../support/counting-thread.ts', import.meta.url)
const open: Threads[] = []
after(async () => {
  for (const threads of open) await threads.close()
})

function create(maxThreads: number): Threads {
  const threads = createByteThreads<CountingTask, CountingResult>(THREAD, maxThreads)
  open.push(threads)
  return threads
}

/** Of the one thread that there is. */
async function countStreams(threads: Threads): Promise<CountingResult | undefined> {
  const [count] = await threads.open(['count']).finish()
  return count
}

async function md5Of(threads: Threads, bytes: Uint8Array): Promise<string> {
  const feed = threads.open([['md5'], ['sha256']])
  await feed.add(bytes)
  const [first] = await feed.finish()
  assert.ok(first instanceof Map)
  return Buffer.from(first.get('md5')).toString('hex')
}

test('streams that are given up leave nothing with the thread, and no memory with nobody', async () => {
  const threads = create(1)
  const bytes = new Uint8Array(3 * PIECE_BYTES + 1).fill(7)
  for (let round = 0; round < 50; round += 1) {
    const feed = threads.open([['md5'], ['sha256']])
    // Some while they still wait for memory, some with a piece half filled, some empty.
    const adding = round % 3 === 0 ? null : feed.add(bytes)
    if (round % 3 === 1) await adding
    feed.drop()
    feed.drop()
    await adding?.catch((error: unknown) => assert.match(String(error), /given up/))
  }
  assert.equal(await countStreams(threads), 0)
  assert.equal(await md5Of(threads, bytes), hash('md5', bytes))
  assert.equal(await countStreams(threads), 0)
})

test('many streams share the memory that there is', async () => {
  const threads = create(1)
  const bytes = new Uint8Array(5 * PIECE_BYTES).fill(3)
  const all = Array.from({ length: 12 }, () => md5Of(threads, bytes))
  assert.deepEqual(new Set(await Promise.all(all)), new Set([hash('md5', bytes)]))
})

for (const end of ['exit', 'throw'] as const) {
  test(`a thread that ends (${end}) fails the streams that it had, and the next gets another`, async () => {
    const threads = create(1)
    const bytes = new Uint8Array(100_000)
    const ended = /thread that worked on these bytes ended/
    const idle = threads.open([['md5']])
    const finished = threads.open([['md5']])
    await finished.add(bytes)
    const busy = threads.open([['md5'], ['sha256']])
    const working = (async () => {
      for (;;) await busy.add(bytes)
    })()
    threads.open([end])
    const finishing = finished.finish()
    await assert.rejects(working, ended)
    await assert.rejects(finishing, ended)
    await assert.rejects(busy.finish(), ended)
    await assert.rejects(idle.finish(), ended)
    for (const feed of [idle, busy, finished]) feed.drop()
    await assert.rejects(busy.add(bytes))
    assert.equal(await md5Of(threads, bytes), hash('md5', bytes))
    assert.equal(await countStreams(threads), 0)
  })
}

test('one of two threads that ends fails the stream of both, and the other forgets it', async () => {
  const threads = create(2)
  const feed = threads.open([['md5'], ['sha256']])
  await feed.add(new Uint8Array(100))
  threads.open(['exit'])
  await assert.rejects(feed.finish(), /ended/)
  feed.drop()
  // At the same time: one for each of the two.
  assert.deepEqual(await Promise.all([countStreams(threads), countStreams(threads)]), [0, 0])
})

test('threads whose file is not there fail what they were started for', async () => {
  const threads = createByteThreads(new URL('missing.ts', import.meta.url), 1)
  const feed = threads.open(['anything'])
  await assert.rejects(feed.finish(), /ended with 1/)
  feed.drop()
  await threads.close()
})
