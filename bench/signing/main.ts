/**
 * `npm run bench -- signing [NAME …]`: each dialect beside its vendor's SDK, and beside the bare cryptography. With names,
 * only the operations that have one of them in theirs: `npm run bench -- signing "azure verify" swift`.
 */
import { isWanted, readArguments } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import type { Row } from '../lib/rounds.ts'
import { measure } from '../lib/rounds.ts'
import { DIALECT_BENCHES } from './dialects.ts'

const options = readArguments(process.argv.slice(2))
const rows: Row[] = []
const packages: string[] = []
const skipped: string[] = []
for (const prepare of DIALECT_BENCHES) {
  const bench = await prepare()
  packages.push(...bench.packages)
  skipped.push(...bench.skipped)
  for (const operation of bench.operations) {
    if (isWanted(options, operation.name)) rows.push(...(await measure(operation, options)))
  }
}
const { asJson, roundMs, rounds } = options
printReport(
  {
    machine: describeMachine(),
    versions: readVersions([...new Set(packages)]),
    rounds: { rounds, roundMs },
    rows,
    skipped,
  },
  asJson,
)
