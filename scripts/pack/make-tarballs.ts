/** Makes of each package the tarball that is published. */
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import type { Manifest } from './published-manifest.ts'
import { publishedManifest } from './published-manifest.ts'

/** The packages by the names of their folders, each after those it stands on. */
export const PACKAGES = ['signing', 'client', 'react', 'server', 'cli'] as const
export type PackageFolder = (typeof PACKAGES)[number]

const PARTS = ['bin', 'dist', 'LICENSE', 'README.md']
/** What the server hands out to browsers, in its package. */
const CONSOLE = resolve('packages/console/dist')

export type Tarballs = Readonly<Record<PackageFolder, string>>

/** Builds every package anew and packs it into the folder. @throws {Error} if a step fails */
export function makeTarballs(folder: string): Tarballs {
  mkdirSync(folder, { recursive: true })
  const make = (name: PackageFolder): string => makeTarball(name, resolve(folder))
  return {
    signing: make('signing'),
    client: make('client'),
    react: make('react'),
    server: make('server'),
    cli: make('cli'),
  }
}

function makeTarball(name: PackageFolder, folder: string): string {
  const source = resolve('packages', name)
  must(source, 'node', [resolve('scripts/prepack.ts')])
  const stage = mkdtempSync(join(tmpdir(), 'hallpass-stage-'))
  try {
    for (const part of PARTS.filter((candidate) => existsSync(join(source, candidate)))) {
      cpSync(join(source, part), join(stage, part), { recursive: true })
    }
    if (name === 'server') copyConsole(source, join(stage, 'console'))
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest
    const published = JSON.stringify(publishedManifest(manifest), null, 2)
    writeFileSync(join(stage, 'package.json'), `${published}\n`)
    return join(folder, must(stage, 'npm', ['pack', '--silent', '--pack-destination', folder]))
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function copyConsole(source: string, to: string): void {
  must(source, 'node', [resolve('scripts/console.ts'), '--force'])
  cpSync(CONSOLE, to, { recursive: true, filter: (path) => !path.endsWith('.sha256') })
}

/** What the program printed. */
function must(cwd: string, command: string, parameters: readonly string[]): string {
  const { error, status, stdout } = spawnSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error !== undefined || status !== 0) {
    throw new Error(`${command} ${parameters.join(' ')} failed in ${cwd}`, { cause: error })
  }
  return stdout.trim()
}
