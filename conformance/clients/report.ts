/**
 * Runs the clients and prints a table of client and check: passed, failed, or not implemented by the server.
 * `node --conditions=@hallpass/source conformance/clients/report.ts [WORD…]`; with words, only clients whose name has one.
 */
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { run } from 'node:test'

type Outcome = 'passed' | 'failed' | 'not implemented' | 'skipped'

interface Line {
  readonly client: string
  readonly check: string
  readonly outcome: Outcome
  readonly reason: string
}

const NOT_IMPLEMENTED =
  /NotImplemented|not[ _]implemented|Operation not supported|\b(Http)?501(Error)?\b/i
const REASON_LENGTH = 160

const words = process.argv.slice(2)
const files = globSync('*.test.ts', { cwd: import.meta.dirname })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .toSorted()

const lines: Line[] = []
for (const file of files) {
  const client = basename(file, '.test.ts')
  const events = run({
    files: [`${import.meta.dirname}/${file}`],
    execArgv: ['--conditions=@hallpass/source'],
  })
  for await (const { type, data } of events) {
    // A file that holds tests is itself one, named by its path.
    if ((type !== 'test:pass' && type !== 'test:fail') || data.name.endsWith('.test.ts')) continue
    const error = type === 'test:fail' ? data.details.error : undefined
    const text = messageOf(error?.cause ?? error)
    const skipped = data.skip === undefined ? null : String(data.skip)
    const line: Line = {
      client,
      check: data.name.replace(`${client} `, ''),
      outcome: skipped === null ? outcomeOf(type === 'test:pass', text) : 'skipped',
      reason: (skipped ?? text).replaceAll(/\s+/g, ' ').slice(0, REASON_LENGTH),
    }
    lines.push(line)
    console.log(
      [client, line.check, line.outcome, line.outcome === 'passed' ? '' : line.reason].join('\t'),
    )
  }
}

console.log(`\nclient\tpassed\tfailed\tnot implemented\tskipped`)
for (const client of new Set(lines.map((line) => line.client))) {
  const count = (outcome: Outcome): number =>
    lines.filter((line) => line.client === client && line.outcome === outcome).length
  console.log(
    [client, count('passed'), count('failed'), count('not implemented'), count('skipped')].join(
      '\t',
    ),
  )
}
process.exitCode = lines.some(({ outcome }) => outcome === 'failed') ? 1 : 0

function outcomeOf(passed: boolean, text: string): Outcome {
  if (passed) return 'passed'
  return NOT_IMPLEMENTED.test(text) ? 'not implemented' : 'failed'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
