/** The server's promise under `kill -9`. `HALLPASS_CRASH_ROUNDS` and `HALLPASS_CRASH_SEED` choose another run. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCrashes } from './crash/crash-run.ts'

const rounds = Number(process.env['HALLPASS_CRASH_ROUNDS'] ?? 50)
const seed = Number(process.env['HALLPASS_CRASH_SEED'] ?? Date.now() % 2 ** 31)

test(`${rounds} crashes under load break no promise (seed ${seed})`, async (context) => {
  const { acknowledged, cutOff, faults } = await runCrashes({
    rounds,
    seed,
    report: (line) => context.diagnostic(line),
  })
  assert.deepEqual(faults, [])
  assert.ok(acknowledged > rounds, `only ${acknowledged} requests were answered`)
  assert.ok(cutOff > rounds / 2, `only ${cutOff} requests were cut off by a kill`)
})
