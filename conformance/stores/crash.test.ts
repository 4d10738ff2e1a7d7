/** The promise under `kill -9` where blobs lie in an object store. */
import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import { inStore } from '../crash/blob-place.ts'
import { describeCount, runCrashes } from '../crash/crash-run.ts'
import { startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'

const rounds = Number(process.env['HALLPASS_CRASH_ROUNDS'] ?? 3)
const seed = Number(process.env['HALLPASS_CRASH_SEED'] ?? Date.now() % 2 ** 31)

test(
  `${rounds} crashes of a server over SeaweedFS break no promise (seed ${seed})`,
  { skip: whyNoSeaweed() },
  async (context) => {
    const seaweed = await startSeaweed()
    try {
      const result = await runCrashes({
        rounds,
        seed,
        workers: 2,
        blobs: inStore(seaweed),
        report: (line) => context.diagnostic(line),
      })
      context.diagnostic(describeCount(result))
      assert.deepEqual(result.faults, [])
      assert.ok((result.acknowledged.get('write') ?? 0) > 0, 'no write was answered')
      assert.ok(result.cutOff > rounds / 2, `only ${result.cutOff} requests were cut off by a kill`)
    } finally {
      await seaweed.stop()
    }
  },
)
