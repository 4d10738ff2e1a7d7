/** The server's promise under `kill -9`. `HALLPASS_CRASH_ROUNDS` and `HALLPASS_CRASH_SEED` choose another run. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPostgres } from '../packages/server/test/support/postgres-server.ts'
import { inPostgres } from './crash/catalog-place.ts'
import { describeCount, runCrashes } from './crash/crash-run.ts'

const rounds = Number(process.env['HALLPASS_CRASH_ROUNDS'] ?? 10)
const seed = Number(process.env['HALLPASS_CRASH_SEED'] ?? Date.now() % 2 ** 31)
/** Everything that clients do; rounds without one of them would show less than they say. */
const ACTIONS = [
  'write',
  'remove',
  'move',
  'share',
  'use',
  'revoke',
  'sweep',
  'assemble',
  'abandon',
  'copy',
  'removeMany',
  'keep',
  'drop',
] as const

const POSTGRES_ROUNDS = 3

const answered = new Set<string>()

test(`${POSTGRES_ROUNDS} crashes of a server over PostgreSQL break no promise (seed ${seed})`, async (context) => {
  const postgres = await startPostgres()
  const result = await runCrashes({
    rounds: POSTGRES_ROUNDS,
    seed,
    catalog: inPostgres(await postgres.createDatabase()),
    report: (line) => context.diagnostic(line),
  })
  assert.deepEqual(result.faults, [])
  assert.ok((result.acknowledged.get('write') ?? 0) > 0, 'no write was answered')
  assert.ok(result.cutOff > 0, 'nothing was cut off by a kill')
})

for (const workers of [1, 2]) {
  const who = workers === 1 ? 'one process' : `${workers} workers`
  test(`${rounds} crashes of ${who} under load break no promise (seed ${seed})`, async (context) => {
    const result = await runCrashes({
      rounds,
      seed,
      workers,
      report: (line) => context.diagnostic(line),
    })
    context.diagnostic(describeCount(result))
    assert.deepEqual(result.faults, [])
    for (const [action, count] of result.acknowledged) if (count > 0) answered.add(action)
    assert.ok(result.cutOff > rounds / 2, `only ${result.cutOff} requests were cut off by a kill`)
  })
}

test('every kind of request was answered between the crashes', () => {
  assert.deepEqual(
    ACTIONS.filter((action) => !answered.has(action)),
    [],
  )
})
