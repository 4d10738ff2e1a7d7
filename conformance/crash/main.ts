/**
 * More rounds by hand: `npm run crash -- --rounds 300 --workers 2`; `--seed` repeats a run. Ends with 1 if a promise was broken.
 */
import { parseArgs } from 'node:util'
import { describeCount, runCrashes } from './crash-run.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    workers: { type: 'string', default: '2' },
  },
})
console.log(`seed ${values.seed}`)
const result = await runCrashes({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  workers: Number(values.workers),
  report: (line) => console.log(line),
})
for (const fault of result.faults) console.log(fault)
console.log(`${describeCount(result)}, ${result.faults.length} faults`)
process.exitCode = result.faults.length === 0 ? 0 : 1
