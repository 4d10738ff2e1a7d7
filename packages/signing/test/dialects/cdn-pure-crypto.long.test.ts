import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { makeSamples } from './cdn-samples.ts'
import type { WorkerAnswer } from './cdn-without-node-crypto.ts'

test('without node:crypto every CDN dialect signs and verifies the same', async () => {
  const worker = new Worker(new URL('./cdn-without-node-crypto.ts', import.meta.url))
  try {
    const [answer] = (await once(worker, 'message')) as [WorkerAnswer]
    assert.equal(answer.hasNodeCrypto, false)
    const samples = await makeSamples()
    assert.ok(samples.length >= 25)
    assert.deepEqual(
      answer.signed,
      samples.map(({ name, signed }) => [name, signed]),
    )
    const verified = await Promise.all(
      samples.map(async ({ name, request, verify }) => [name, await verify(request)]),
    )
    assert.deepEqual(answer.verified, verified)
    assert.deepEqual(answer.syncCodes, ['sync-crypto-unavailable', 'sync-crypto-unavailable'])
  } finally {
    await worker.terminate()
  }
})
