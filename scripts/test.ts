/**
 * Runs the tests.
 *
 *   npm test                 everything
 *   npm test -- PATH…        the files under the paths given
 *   npm run test:unit        the inner loop: seconds, in one process; with paths, what is quick below them
 *
 * Unit tests share one process, because nothing in them is global and that is ten times faster. A file named
 * `….long.test.ts` holds what takes longer than a loop may: corpora, comparisons with the official SDKs, proofs of linear
 * time, processes. The faces of the server are tested over sockets, each test with a server of its own: the loop runs
 * them when it is asked for them by path. Conformance tests start servers and browsers and get a process each.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'

const ROOT = resolve(import.meta.dirname, '..')
const UNIT = 'packages/*/test/**/*.test.ts'
const CONFORMANCE = 'conformance/**/*.test.ts'
const LONG = /\.long\.test\.ts$/
const FACES = /^packages\/server\/test\/api\//
/** What Node has compiled before it does not compile again. */
const COMPILED = join(ROOT, 'node_modules/.cache/compiled')
const reporter = (name: string): string => join(import.meta.dirname, 'test', `${name}.ts`)

const given = process.argv.slice(2)
const isLoop = given.includes('--unit')
const wanted = given.filter((argument) => !argument.startsWith('--'))
const flags = given.filter((argument) => argument.startsWith('--') && argument !== '--unit')
// In the loop what passed is not worth a line; what failed, and what was left out, is told in full everywhere.
const reporters = isLoop ? ['dot', reporter('closing-lines')] : ['spec', reporter('left-out')]

function select(pattern: string): string[] {
  const files = globSync(pattern, { exclude: ['**/node_modules/**'] }).toSorted()
  if (wanted.length === 0) return files
  return files.filter((file) => wanted.some((path) => file.startsWith(path.replace(/^\.\//, ''))))
}

function run(files: readonly string[], isolation: 'none' | 'process'): boolean {
  if (files.length === 0) return true
  const { status } = spawnSync(
    process.execPath,
    [
      '--conditions=@hallpass/source',
      '--disable-warning=ExperimentalWarning',
      '--test',
      `--test-isolation=${isolation}`,
      ...reporters.flatMap((name) => [
        `--test-reporter=${name}`,
        '--test-reporter-destination=stdout',
      ]),
      ...flags,
      ...files,
    ],
    { stdio: 'inherit', env: { NODE_COMPILE_CACHE: COMPILED, ...process.env } },
  )
  return status === 0
}

/** With slashes, whatever the system. */
const isQuick = (file: string): boolean => {
  const path = file.replaceAll('\\', '/')
  return !LONG.test(path) && (wanted.length > 0 || !FACES.test(path))
}
const unit = select(UNIT).filter((file) => !isLoop || isQuick(file))
const conformance = isLoop ? [] : select(CONFORMANCE)
if (unit.length + conformance.length === 0) {
  console.error(`No test file under ${wanted.join(', ')}.`)
  process.exit(2)
}
const passed = [run(unit, 'none'), run(conformance, 'process')]
process.exit(passed.every(Boolean) ? 0 : 1)
