/** Three servers over one PostgreSQL and SeaweedFS, of which one is killed under load, and then their database. By hand: `npm run crash -- --nodes 3`. */
import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import { inStore } from '../crash/blob-place.ts'
import { runNodes } from '../crash/nodes/nodes-run.ts'
import { startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'

const seed = Number(process.env['HALLPASS_CRASH_SEED'] ?? Date.now() % 2 ** 31)
const RACE = { links: 4, racers: 64 }

test(
  `a killed node and a database that crashes lose nothing that three nodes acknowledged (seed ${seed})`,
  { skip: whyNoSeaweed() },
  async (context) => {
    const seaweed = await startSeaweed()
    try {
      const result = await runNodes({
        nodes: 3,
        blobs: inStore(seaweed),
        seed,
        kills: 1,
        killEveryMs: 0,
        restarts: 2,
        race: RACE,
        revocations: 2,
        report: (line) => context.diagnostic(line),
      })
      assert.deepEqual(result.faults, [])
      assert.equal(result.served, RACE.links)
      assert.ok(result.retries > 0, 'nobody noticed that a node was gone')
    } finally {
      await seaweed.stop()
    }
  },
)
