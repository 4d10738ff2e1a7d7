/**
 * `npm run bench -- signing [NAME …]`: each dialect beside its vendor's SDK, and beside the bare cryptography. With names,
 * only the operations that have one of them in theirs: `npm run bench -- signing "azure verify" swift`.
 */
import { isWanted, readArguments } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import type { Operation, Row } from '../lib/rounds.ts'
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
  const operations = bench.operations.filter(({ name }) => isWanted(options, name))
  for (const operation of [...operations.map(withoutFree), ...operations.flatMap(freeAlone)]) {
    rows.push(...(await measure(operation, options)))
  }
}

/** The free functions among the contestants: those of this library behind its first one, which is an object. */
function freeFunctions({ contestants }: Operation): Operation['contestants'] {
  return contestants.filter(({ name }) => name.startsWith('@hallpass/signing')).slice(1)
}

/** The operation with the object alone: a server that keeps one calls no free function beside it. */
function withoutFree(operation: Operation): Operation {
  const free = freeFunctions(operation)
  const contestants = operation.contestants.filter((contestant) => !free.includes(contestant))
  return { ...operation, contestants }
}

/** The free functions in an operation of their own, beside the same reference. */
function freeAlone(operation: Operation): Operation[] {
  const free = freeFunctions(operation)
  if (free.length === 0) return []
  const reference = operation.contestants.filter(({ name }) => name === operation.reference)
  return [{ ...operation, name: `${operation.name}, alone`, contestants: [...free, ...reference] }]
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
