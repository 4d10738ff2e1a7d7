/**
 * More by hand than the tests do. Ends with 1 if a promise was broken; `--seed` repeats a run.
 *
 *     npm run crash -- --rounds 300 --workers 2 [--catalog postgres] [--blobs seaweed]
 *
 * One server that is killed again and again, over what is named.
 *
 *     npm run crash -- --nodes 3 [--kills 36] [--kill-every-ms 5000] [--restarts 5] [--links 500] [--racers 64] [--revocations 100]
 *
 * Several over one PostgreSQL and one SeaweedFS, of which one is killed at a time, and then their database; then what links promise.
 */
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { buildProgram } from '../../scripts/test/program.ts'
import { startSeaweed } from '../lib/seaweed.ts'
import { inStore } from './blob-place.ts'
import { inPostgres } from './catalog-place.ts'
import { describeCount, runCrashes } from './crash-run.ts'
import { runNodes } from './nodes/nodes-run.ts'

const number = (standard: number) => ({ type: 'string', default: String(standard) }) as const
const { values } = parseArgs({
  options: {
    seed: number(Date.now() % 2 ** 31),
    rounds: number(300),
    workers: number(2),
    catalog: { type: 'string', default: 'sqlite' },
    blobs: { type: 'string', default: 'disk' },
    nodes: number(0),
    kills: number(36),
    'kill-every-ms': number(5000),
    restarts: number(5),
    links: number(500),
    racers: number(64),
    revocations: number(100),
  },
})
const seed = Number(values.seed)
const report = (line: string): void => console.log(line)
report(`seed ${seed}`)

// Most of a round is starting servers.
process.env['HALLPASS_TEST_PROGRAM'] ??= await buildProgram(join(import.meta.dirname, '../..'))
const faults = Number(values.nodes) > 0 ? await crashNodes() : await crashOne()
for (const fault of faults) report(fault)
report(`${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1

async function crashOne(): Promise<readonly string[]> {
  const seaweed = values.blobs === 'seaweed' ? await startSeaweed() : null
  const database =
    values.catalog === 'postgres' ? await (await startPostgres()).createDatabase() : null
  try {
    const result = await runCrashes({
      rounds: Number(values.rounds),
      seed,
      workers: Number(values.workers),
      report,
      ...(seaweed !== null && { blobs: inStore(seaweed) }),
      ...(database !== null && { catalog: inPostgres(database) }),
    })
    report(describeCount(result))
    return result.faults
  } finally {
    await seaweed?.stop()
  }
}

async function crashNodes(): Promise<readonly string[]> {
  const seaweed = await startSeaweed()
  try {
    const { faults, ...result } = await runNodes({
      nodes: Number(values.nodes),
      blobs: inStore(seaweed),
      seed,
      kills: Number(values.kills),
      killEveryMs: Number(values['kill-every-ms']),
      restarts: Number(values.restarts),
      race: { links: Number(values.links), racers: Number(values.racers) },
      revocations: Number(values.revocations),
      report,
    })
    report(JSON.stringify(result))
    return faults
  } finally {
    await seaweed.stop()
  }
}
