/**
 * `redact` beside `sed -E` with the equivalent expression, on the same lines in the same run: as a command from file to
 * nowhere, and inside a process. Rates are megabytes a second.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRedactor, redact } from '@hallpass/signing/redact'
import { isWanted, readArguments } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import type { Contestant, Row } from '../lib/rounds.ts'
import { measure } from '../lib/rounds.ts'
import { makeLines } from './lines.ts'

const MEGABYTES = 96
const CHUNK = 65_536

/** The names redact knows, the separators it reads, and the characters of a value: as much of it as sed can say. */
const NAMES =
  'signature|signatureprovided|signedblob|token|jwt|secret|accesskey|accountkey|secretkey|signingkey|apikey|temp_url_sig|sig|hmac|policy|password|md5|verify'
const SEPARATOR = '(=|%3D|%253D|\\\\u003d|&#61;|"?: ?"?|\\\\": ?\\\\"|>)'
const VALUE = '[A-Za-z0-9%+/=_~.-]{16,}'
const SED = [
  '-E',
  '-e',
  `s!((${NAMES})${SEPARATOR})${VALUE}!\\1[redacted]!gI`,
  '-e',
  's#((Bearer|Basic)(%20|\\+| ))[A-Za-z0-9+/=_.-]{8,}#\\1[redacted]#gI',
  '-e',
  's#hp_[A-Za-z0-9_-]{16,}#hp_[redacted]#g',
]

function command(
  program: string,
  parameters: readonly string[],
  file: string,
): () => Promise<void> {
  return async () => {
    const input = openSync(file, 'r')
    const child = spawn(program, parameters, {
      stdio: [input, 'ignore', 'inherit'],
      env: { ...process.env, LC_ALL: 'C' },
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    closeSync(input)
    if (code !== 0) throw new Error(`${program} ended with ${code}`)
  }
}

function contestants(text: string, file: string): Contestant[] {
  const chunks: string[] = []
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += CHUNK) {
    // Through bytes, so that a chunk is a text of its own and no window on the whole.
    chunks.push(bytes.toString('latin1', at, at + CHUNK))
  }
  const buffers = chunks.map((chunk) => Buffer.from(chunk, 'latin1'))
  return [
    { name: 'sed -E (LC_ALL=C), a process', isAsync: true, run: command('sed', SED, file) },
    {
      name: 'hallpass redact, a process, its start included',
      isAsync: true,
      run: command(
        process.execPath,
        ['--conditions=@hallpass/source', 'packages/cli/src/main.ts', 'redact'],
        file,
      ),
    },
    {
      name: 'createRedactor, bytes to bytes, chunks of 64 KiB',
      isAsync: true,
      run: () => {
        const redactor = createRedactor()
        let size = 0
        for (const buffer of buffers) {
          size += Buffer.from(redactor.push(buffer.toString('latin1')), 'latin1').length
        }
        return Promise.resolve(size + redactor.flush().length)
      },
    },
    {
      name: 'redact, strings of 64 KiB',
      isAsync: true,
      run: () => Promise.resolve(chunks.reduce((size, chunk) => size + redact(chunk).length, 0)),
    },
  ]
}

const options = readArguments(process.argv.slice(2))
const folder = mkdtempSync(join(tmpdir(), 'hallpass-bench-'))
const rows: Row[] = []
for (const [name, every] of [
  ['ordinary log lines, one in 20 signed: MB', 20],
  ['no line signed: MB', 0],
  ['every line signed: MB', 1],
] as const) {
  if (!isWanted(options, name)) continue
  const text = makeLines(MEGABYTES, every)
  const file = join(folder, 'lines.log')
  writeFileSync(file, text, 'latin1')
  const [first, ...others] = contestants(text, file)
  if (first === undefined) continue
  const measured = await measure(
    { name, contestants: [first, ...others], reference: first.name },
    options,
  )
  for (const row of measured) {
    rows.push({ ...row, medianRate: (row.medianRate * text.length) / 1e6 })
  }
}
rmSync(folder, { recursive: true })
printReport(
  {
    machine: describeMachine(),
    versions: readVersions([]),
    rounds: options,
    rows,
    skipped: [],
  },
  options.asJson,
)
