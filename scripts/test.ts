/**
 * Runs the tests.
 *
 *   npm test                 everything
 *   npm test -- PATH…        the files under the paths given
 *   npm run test:unit        the inner loop: seconds, in one process; with paths, what is quick below them
 *
 * Unit tests share a process, because nothing in them is global and that is ten times faster. A file named
 * `….long.test.ts` holds what takes longer than a loop may: corpora, comparisons with the official SDKs, proofs of linear
 * time, processes. The faces of the server are tested over sockets, each test with a server of its own: the loop runs
 * them when it is asked for them by path. Conformance tests start servers and browsers: those that start them within their
 * own process share one by folder, because loading the server costs more than most of these tests; others get one each.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { NODES } from '../conformance/lib/many-nodes.ts'
import { runJobs } from './test/jobs.ts'
import type { Job } from './test/jobs.ts'
import { buildProgram } from './test/program.ts'

const ROOT = resolve(import.meta.dirname, '..')
const UNIT = 'packages/*/test/**/*.test.ts'
const CONFORMANCE = 'conformance/**/*.test.ts'
const LONG = /\.long\.test\.ts$/
const FACES = /^packages\/server\/test\/api\//
/** Folders of conformance tests that share a process. */
const SHARED = /^(conformance\/(?:client|clients|guard|mounts|rest|s3|share|tus|uppy))\//
/** Each starts its servers when its process begins: as several processes each, those of a folder would be too many at once. */
const MANY_NODES = NODES > 1
/** Of unit tests those of a package share a process, and those of the largest rooms of the server. */
const PART = /^(packages\/(?:server\/test\/(?:api|catalog|keep)|[a-z]+))\//
const CONSOLE = /^conformance\/console\//
/** What Node has compiled before it does not compile again. */
const COMPILED = join(ROOT, 'node_modules/.cache/compiled')
const reporter = (name: string): string => join(import.meta.dirname, 'test', `${name}.ts`)

const given = process.argv.slice(2)
const isLoop = given.includes('--unit')
const wanted = given.filter((argument) => !argument.startsWith('--'))
const flags = given.filter((argument) => argument.startsWith('--') && argument !== '--unit')
// In the loop what passed is not worth a line; what failed, and what was left out, is told in full everywhere.
const reporters = isLoop ? ['dot', reporter('closing-lines')] : ['spec', reporter('left-out')]

const isUnder = (file: string, path: string): boolean => file.startsWith(path.replace(/^\.\//, ''))

/** The files below the paths given, with slashes, whatever the system. */
function select(pattern: string): string[] {
  const files = globSync(pattern, { exclude: ['**/node_modules/**'] })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
  if (wanted.length === 0) return files
  return files.filter((file) => wanted.some((path) => isUnder(file, path)))
}

function jobsOf(files: readonly string[], nameOf: (file: string) => string): Job[] {
  return [...Map.groupBy(files, nameOf)].map(([name, own]) => ({ name, files: own }))
}

const isQuick = (file: string): boolean =>
  !LONG.test(file) && (wanted.length > 0 || !FACES.test(file))
const unit = select(UNIT).filter((file) => !isLoop || isQuick(file))
const conformance = isLoop ? [] : select(CONFORMANCE)
const all = [...unit, ...conformance]
const empty = wanted.filter((path) => !all.some((file) => isUnder(file, path)))
if (empty.length > 0) {
  const kind = isLoop ? 'quick unit test' : 'test'
  console.error(`There is no ${kind} under ${empty.join(', ')}: nothing was run.`)
  process.exit(2)
}
// Every file of these opens the console: it is built once, before any of them asks whether it is.
if (conformance.some((file) => CONSOLE.test(file))) {
  spawnSync(process.execPath, [join(import.meta.dirname, 'console.ts')], { stdio: 'inherit' })
}
const jobs: Job[] = [
  ...jobsOf(unit, (file) => (isLoop ? 'unit tests' : (PART.exec(file)?.[1] ?? file))),
  ...jobsOf(conformance, (file) => (MANY_NODES ? file : (SHARED.exec(file)?.[1] ?? file))),
]

process.env['NODE_COMPILE_CACHE'] ??= COMPILED
// A fifth of what a property is tried with otherwise: the loop is for what somebody is changing.
if (isLoop) process.env['HALLPASS_PROPERTY_RUNS'] ??= '60'
// For one file it would cost more than it saves.
if (jobs.length > 1) process.env['HALLPASS_TEST_PROGRAM'] ??= await buildProgram(ROOT)
const hasPassed = await runJobs(jobs, [
  '--conditions=@hallpass/source',
  '--disable-warning=ExperimentalWarning',
  '--test',
  '--test-isolation=none',
  ...reporters.flatMap((name) => [`--test-reporter=${name}`, '--test-reporter-destination=stdout']),
  ...flags,
])
process.exit(hasPassed ? 0 : 1)
