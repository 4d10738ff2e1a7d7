/**
 * More rounds by hand: `npm run crash -- --rounds 300 --workers 2`; `--seed` repeats a run. `--catalog postgres` and `--blobs seaweed`
 * say what the server stands on. Ends with 1 if a promise was broken.
 */
import { parseArgs } from 'node:util'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { startSeaweed } from '../lib/seaweed.ts'
import { inStore } from './blob-place.ts'
import { inPostgres } from './catalog-place.ts'
import { describeCount, runCrashes } from './crash-run.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    workers: { type: 'string', default: '2' },
    catalog: { type: 'string', default: 'sqlite' },
    blobs: { type: 'string', default: 'disk' },
  },
})
console.log(`seed ${values.seed}`)
const seaweed = values.blobs === 'seaweed' ? await startSeaweed() : null
const database =
  values.catalog === 'postgres' ? await (await startPostgres()).createDatabase() : null
try {
  const result = await runCrashes({
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    workers: Number(values.workers),
    report: (line) => console.log(line),
    ...(seaweed !== null && { blobs: inStore(seaweed) }),
    ...(database !== null && { catalog: inPostgres(database) }),
  })
  for (const fault of result.faults) console.log(fault)
  console.log(`${describeCount(result)}, ${result.faults.length} faults`)
  process.exitCode = result.faults.length === 0 ? 0 : 1
} finally {
  await seaweed?.stop()
}
