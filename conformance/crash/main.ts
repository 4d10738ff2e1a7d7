/**
 * More rounds by hand: `node --conditions=@hallpass/source conformance/crash/main.ts --rounds 1000 --seed 7 --workers 2`.
 * Ends with 1 if a promise was broken.
 */
import { parseArgs } from 'node:util'
import { runCrashes } from './crash-run.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    workers: { type: 'string', default: '1' },
  },
})
console.log(`seed ${values.seed}`)
const { acknowledged, cutOff, faults } = await runCrashes({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  workers: Number(values.workers),
  report: (line) => console.log(line),
})
for (const fault of faults) console.log(fault)
console.log(`${acknowledged} acknowledged, ${cutOff} cut off, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
