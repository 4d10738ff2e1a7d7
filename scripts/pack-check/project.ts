/** An empty project with the packed packages in it. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'

/** The packages by the names of their folders. */
export const PACKAGES = ['signing', 'server', 'cli'] as const

/** What came of one check; `problem` is `null` if all is well. */
export interface Outcome {
  readonly name: string
  readonly problem: string | null
}

export interface Answer {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface Project {
  /** Runs a program in the project, its own commands first on the path. */
  readonly run: (command: string, parameters: readonly string[], stdin?: string) => Answer
  /** Writes a file of the project. */
  readonly write: (path: string, text: string) => void
  /** Where a package of PACKAGES is installed. */
  readonly installed: (name: (typeof PACKAGES)[number]) => string
}

/** What npm tells its scripts about the checkout, which is no business of the project. */
const ABOUT_THE_CHECKOUT = /^(?:npm_(?:package|lifecycle|config_local_prefix)|INIT_CWD$)/i

/** Packs, and installs what was packed. Throws if either fails. */
export function createProject(folder: string): Project {
  const tarballs = join(folder, 'tarballs')
  const root = join(folder, 'project')
  mkdirSync(tarballs)
  mkdirSync(root)
  const packing = ['pack', '--workspaces', '--pack-destination', tarballs]
  must(start(process.cwd(), 'npm', [...packing, '--ignore-scripts=false']))
  writeFileSync(join(root, 'package.json'), '{ "private": true, "type": "module" }\n')
  const packed = globSync('*.tgz', { cwd: tarballs }).map((name) => join(tarballs, name))
  const tools = ['typescript', '@types/node'].map((name) => `${name}@${versionOf(name)}`)
  const installing = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
  must(start(root, 'npm', [...installing, ...packed, ...tools]))
  return {
    run: (command, parameters, stdin) => start(root, command, parameters, stdin),
    write: (path, text) => writeFileSync(join(root, path), text),
    installed: (name) =>
      join(root, 'node_modules', name === 'cli' ? 'hallpass' : `@hallpass/${name}`),
  }
}

/** The version this repository itself uses. */
function versionOf(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>
  }
  return devDependencies[name] ?? 'latest'
}

function start(cwd: string, command: string, parameters: readonly string[], stdin = ''): Answer {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ABOUT_THE_CHECKOUT.test(name)),
  )
  const { error, status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: resolve(cwd),
    env,
    input: stdin,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return error === undefined
    ? { status: status ?? 1, stdout, stderr }
    : { status: 1, stdout: '', stderr: error.message }
}

function must(answer: Answer): void {
  if (answer.status !== 0) throw new Error(problemOf(answer))
}

/** What a failed program said. */
export function problemOf({ status, stdout, stderr }: Answer): string {
  return `exit code ${status}\n${stdout}${stderr}`.trimEnd()
}
