import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createByteFeed } from '../../src/platform/byte-feed.ts'
import type { ByteFeed } from '../../src/platform/byte-feed.ts'
import { PIECE_BYTES, createSharedPieces } from '../../src/platform/shared-pieces.ts'
import type { SharedPieces } from '../../src/platform/shared-pieces.ts'

interface Reading {
  readonly length: number
  /** Says that it is read. */
  readonly done: () => void
}

/** A stream whose bytes are read when the test says so. */
function open(pieces: SharedPieces): { feed: ByteFeed<null>; readings: Reading[] } {
  const readings: Reading[] = []
  const lane = {
    read: (_start: number, length: number) =>
      new Promise<void>((resolve) => readings.push({ length, done: resolve })),
    finish: () => Promise.resolve(null),
    drop: () => undefined,
  }
  return { feed: createByteFeed([lane], pieces), readings }
}

const ONE_BYTE = new Uint8Array(1)

// Nothing here leaves the microtasks before the last line of a test: no timer can have come in between.

test('what comes fast gathers to one message a piece', async () => {
  const { feed, readings } = open(createSharedPieces(4))
  for (let sent = 0; sent < PIECE_BYTES; sent += PIECE_BYTES / 4) {
    assert.deepEqual(readings, [])
    await feed.add(new Uint8Array(PIECE_BYTES / 4))
  }
  assert.deepEqual(
    readings.map(({ length }) => length),
    [PIECE_BYTES],
  )
})

test('slow streams keep at most half of the memory while they wait for more', async () => {
  const pieces = createSharedPieces(4)
  const streams: ReturnType<typeof open>[] = []
  for (let count = 0; count < 40; count += 1) {
    const stream = open(pieces)
    streams.push(stream)
    await stream.feed.add(ONE_BYTE)
    for (const { done } of stream.readings) done()
    const kept = streams.filter(({ readings }) => readings.length === 0)
    assert.equal(kept.length, Math.min(streams.length, 2))
  }
  for (const { feed } of streams) feed.drop()
})

test('where memory is scarce a stream gathers while the threads have bytes of it, and no longer', async () => {
  const pieces = createSharedPieces(4)
  await Promise.all([pieces.take(), pieces.take()])
  const { feed, readings } = open(pieces)
  for (let byte = 0; byte < 3; byte += 1) await feed.add(ONE_BYTE)
  assert.deepEqual(
    readings.map(({ length }) => length),
    [1],
  )
  readings[0]?.done()
  await Promise.resolve().then(() => Promise.resolve())
  assert.deepEqual(
    readings.map(({ length }) => length),
    [1, 2],
  )
})

test('what gathers goes by itself in the end', async () => {
  const sent = Promise.withResolvers<number>()
  const lane = {
    read: (_start: number, length: number) => Promise.resolve(sent.resolve(length)),
    finish: () => Promise.resolve(null),
    drop: () => undefined,
  }
  await createByteFeed([lane], createSharedPieces(4)).add(ONE_BYTE)
  assert.equal(await sent.promise, 1)
})
