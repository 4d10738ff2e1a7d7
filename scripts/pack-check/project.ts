/** An empty project with packed packages in it. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import type { PackageFolder, Tarballs } from '../pack/make-tarballs.ts'

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
  readonly root: string
  readonly tarballs: Tarballs
  /** Runs a program in the project, its own commands first on the path. */
  readonly run: (command: string, parameters: readonly string[], stdin?: string) => Answer
  /** Writes a file of the project, and the folders above it. */
  readonly write: (path: string, text: string) => void
  /** Where a package is installed. */
  readonly installed: (name: PackageFolder) => string
}

export interface ProjectContent {
  readonly packages: readonly PackageFolder[]
  /** A folder with the package.json and package-lock.json of what else is installed. */
  readonly locked?: string
  readonly omitsDev?: boolean
}

/** Makes the folder, and installs in it what was packed. @throws {Error} if that fails */
export function createProject(
  root: string,
  tarballs: Tarballs,
  { packages, locked, omitsDev = false }: ProjectContent,
): Project {
  mkdirSync(root, { recursive: true })
  const project: Project = {
    root,
    tarballs,
    run: (command, parameters, stdin) => start(root, command, parameters, stdin),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    },
    installed: (name) =>
      join(root, 'node_modules', name === 'cli' ? 'hallpass' : `@hallpass/${name}`),
  }
  if (locked === undefined) {
    project.write('package.json', '{ "private": true, "type": "module" }\n')
  } else {
    for (const file of ['package.json', 'package-lock.json']) {
      copyFileSync(join(locked, file), join(root, file))
    }
    npm(project, 'ci', [])
  }
  npm(project, 'install', [
    ...(omitsDev ? ['--omit=dev'] : []),
    ...packages.map((name) => tarballs[name]),
  ])
  return project
}

/** @throws {Error} if it fails */
function npm(project: Project, command: string, specifiers: readonly string[]): void {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund']
  const parameters = [command, ...flags, ...specifiers]
  // A registry that did not answer is asked once more.
  if (project.run('npm', parameters).status === 0) return
  const answer = project.run('npm', parameters)
  if (answer.status !== 0) throw new Error(problemOf(answer))
}

/** What npm tells its scripts about the checkout, and our tools where things are: no business of the project. */
const ABOUT_THE_CHECKOUT = /^(?:npm_(?:package|lifecycle|config_local_prefix)|INIT_CWD$|HALLPASS_)/i

/** The environment without what is said in it about the checkout. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ABOUT_THE_CHECKOUT.test(name)),
  )
}

function start(cwd: string, command: string, parameters: readonly string[], stdin = ''): Answer {
  const { error, status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: resolve(cwd),
    env: ownEnvironment(),
    input: stdin,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  return error === undefined
    ? { status: status ?? 1, stdout, stderr }
    : { status: 1, stdout: '', stderr: error.message }
}

/** What a failed program said. */
export function problemOf({ status, stdout, stderr }: Answer): string {
  return `exit code ${status}\n${stdout}${stderr}`.trimEnd()
}
