/**
 * `npm run runtimes`: builds @hallpass/signing and runs every vector through the build under each of Node, Bun and Deno that
 * is on the path, and prints a line for each. Exits with 1 if a vector fails in one. Neither Bun nor Deno is a dependency:
 * put theirs on the path, as in `PATH=/opt/bun/bin:$PATH npm run runtimes`.
 */
import { spawnSync } from 'node:child_process'
import process from 'node:process'

interface Runtime {
  readonly name: string
  readonly command: string
  /** What stands before the script. */
  readonly flags: readonly string[]
}

const RUNTIMES: readonly Runtime[] = [
  { name: 'Node', command: 'node', flags: [] },
  { name: 'Bun', command: 'bun', flags: ['run'] },
  { name: 'Deno', command: 'deno', flags: ['run', '--no-check', '--allow-read', '--allow-env'] },
]
const SCRIPT = ['scripts/vectors.ts', '--built']
const MAX_LINES = 10
/** On Windows programs from npm are scripts, which only a shell starts. */
const shell = process.platform === 'win32'

function run(command: string, parameters: readonly string[]): { status: number; text: string } {
  const { error, status, stdout, stderr } = spawnSync(command, parameters, {
    encoding: 'utf8',
    shell,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status: error === undefined ? (status ?? 1) : -1, text: `${stdout}${stderr}`.trim() }
}

/** The version, or `null` if the runtime is not on the path. */
function versionOf({ command }: Runtime): string | null {
  const { status, text } = run(command, ['--version'])
  return status === 0 ? (/\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'of unknown version') : null
}

/** Prints the line of a runtime; true unless a vector failed there. */
function report(runtime: Runtime): boolean {
  const version = versionOf(runtime)
  if (version === null) {
    console.log(`${runtime.name}: not on the path`)
    return true
  }
  const { status, text } = run(runtime.command, [...runtime.flags, ...SCRIPT])
  const lines = text.split('\n')
  console.log(`${runtime.name} ${version}: ${lines.at(-1) ?? ''}`)
  if (status !== 0) console.log(lines.slice(0, MAX_LINES).join('\n'))
  return status === 0
}

const build = spawnSync('tsc', ['--build', 'packages/signing'], { stdio: 'inherit', shell })
if (build.status !== 0) {
  console.error('The build of packages/signing failed.')
  process.exit(1)
}
const results = RUNTIMES.map(report)
if (results.includes(false)) process.exit(1)
