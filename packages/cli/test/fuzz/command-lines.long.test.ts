/** No command line, input, file or environment makes a command throw; `FUZZ_COUNT` and `FUZZ_SEED` make it longer or repeat it. */
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import process from 'node:process'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { folderOf, run } from '../run-cli.ts'
import { commandLine } from './command-lines.ts'
import { FILES, SECRET, environment, stdin } from './nasty-values.ts'

const COUNT = Number(process.env['FUZZ_COUNT'] ?? 500)
const SEED = Number(process.env['FUZZ_SEED'] ?? 8)

const folder = folderOf(FILES)
after(() => rmSync(folder, { recursive: true }))

/** What only a program that was not prepared for its input says. */
const UNPREPARED =
  /Invalid time value|Invalid URL|is not a function|is not iterable|Cannot (?:read|convert|set)|undefined|\[object |\bNaN\b|ERR_|\bERR\b|^\s+at .*:\d+/m

/** Names of the library's own options, which nobody typed. A policy and a file of settings have members with such names, which are typed. */
const INNER_NAME = /(?<![\w.-])[a-z]+[A-Z]\w*/g
const HAVE_MEMBERS = new Set(['audit', 'policy', 'serve'])
const WRITTEN_NAMES = new Set([
  'publicKey',
  'sessionToken',
  'versionId',
  'verifyS3PostPolicy',
  'verifyGcsPostPolicy',
])

function isWritten(command: string | undefined, name: string): boolean {
  return HAVE_MEMBERS.has(command ?? '') || WRITTEN_NAMES.has(name)
}

test('no input makes a command throw, and what it says names what was typed', async () => {
  await fc.assert(
    fc.asyncProperty(commandLine, stdin, environment, async (argv, input, env) => {
      const setup = { stdin: input, env, cwd: folder, home: folder }
      const { exitCode, stdout, stderr } = await run(argv, setup)
      assert.ok([0, 1, 2, 3].includes(exitCode), `exit code ${exitCode}`)
      if (exitCode > 1) assert.notEqual(stderr, '')
      if (exitCode === 3) assert.match(stderr, /cannot read|cannot reach|needs git|is a folder/)
      const typed = [...argv, input, ...Object.values(env), ...Object.values(FILES)].join('\n')
      const said = stderr
        .split('\n')
        .filter((line) => !typed.includes(line))
        .join('\n')
      const unprepared = UNPREPARED.exec(said)?.[0]
      if (unprepared !== undefined) assert.ok(typed.includes(unprepared), said)
      for (const [name] of said.matchAll(INNER_NAME)) {
        assert.ok(isWritten(argv[0], name) || typed.includes(name), `${name}: ${said}`)
      }
      assert.ok(!stderr.includes(SECRET) || argv.some((word) => word.includes(SECRET)))
      if (argv[0] !== 'sign' && argv[0] !== 'redact')
        assert.ok(!stdout.includes(SECRET) || input.includes(SECRET))
    }),
    { numRuns: COUNT, seed: SEED, endOnFailure: Boolean(process.env['FUZZ_COUNT']) },
  )
})
