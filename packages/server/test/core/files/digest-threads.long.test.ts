import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChecksumAlgorithm } from '../../../src/catalog/records.ts'
import { CHECKSUM_ALGORITHMS, loadChecksums } from '../../../src/core/files/checksums.ts'
import { createDigestThreads } from '../../../src/core/files/digest-threads.ts'
import { beginDigestsHere } from '../../../src/core/files/running-digests.ts'
import type { RunningDigests } from '../../../src/core/files/running-digests.ts'
import { PIECE_BYTES } from '../../../src/platform/shared-pieces.ts'

const threads = createDigestThreads()
const ALL: ReadonlySet<ChecksumAlgorithm> = new Set(CHECKSUM_ALGORITHMS)
const KIB = 1024

before(() => loadChecksums(CHECKSUM_ALGORITHMS))
after(() => threads.close())

function sample(size: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 167 + seed) ^ (at >> 9)))
}

/** Each chunk is somebody else's again as soon as it was taken. */
async function feed(running: RunningDigests, bytes: Buffer, chunkSize: number): Promise<void> {
  const chunk = Buffer.alloc(chunkSize)
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const size = bytes.copy(chunk, 0, at, at + chunkSize)
    await running.update(chunk.subarray(0, size))
    chunk.fill(0)
  }
}

async function hexOf(running: RunningDigests): Promise<Record<string, string>> {
  const digests = [...(await running.finish())]
  const texts = digests.map(
    ([name, digest]) => [name, Buffer.from(digest).toString('hex')] as const,
  )
  return Object.fromEntries(texts)
}

test('every digest of a thread is that of the same bytes here, whatever the pieces', async () => {
  const cases = [
    [0, 1],
    [1, 1],
    [3000, 1],
    [PIECE_BYTES - 1, 64 * KIB],
    [PIECE_BYTES, 64 * KIB],
    [PIECE_BYTES + 1, 64 * KIB],
    [3 * PIECE_BYTES + 17, 100_003],
    [20 * PIECE_BYTES + 5, 3 * KIB * KIB],
  ] as const
  for (const [size, chunkSize] of cases) {
    const bytes = sample(size, 13)
    const here = beginDigestsHere(ALL)
    await here.update(bytes)
    const there = threads.begin(ALL, null)
    await feed(there, bytes, chunkSize)
    assert.deepEqual(await hexOf(there), await hexOf(here), `${size} in chunks of ${chunkSize}`)
  }
})

test('bodies that are hashed at once do not mix', async () => {
  const bodies = [1, 2, 3, 4, 5].map((seed) => sample(seed * 300_000, seed))
  const found = await Promise.all(
    bodies.map(async (bytes) => {
      const running = threads.begin(ALL, null)
      await feed(running, bytes, 50_000)
      return hexOf(running)
    }),
  )
  for (const [at, bytes] of bodies.entries()) {
    const here = beginDigestsHere(ALL)
    await here.update(bytes)
    assert.deepEqual(found[at], await hexOf(here))
  }
})

test('what is announced as small is hashed here, and one algorithm alone is one, too', async () => {
  const bytes = sample(2 * KIB, 7)
  for (const name of CHECKSUM_ALGORITHMS) {
    const small = threads.begin(new Set([name]), bytes.length)
    assert.equal(small.update(bytes), null)
    const large = threads.begin(new Set([name]), 8 * KIB * KIB)
    const taken = large.update(bytes)
    assert.notEqual(taken, null)
    await taken
    assert.deepEqual(await hexOf(large), await hexOf(small))
  }
})
