/**
 * Builds the console into packages/console/dist, unless what is there was made of the same sources. `npm start` begins with it; with
 * `--force` it builds whatever is there. Where Vite is not installed it says so, and the server goes without a console.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'

const PACKAGE = resolve(import.meta.dirname, '../packages/console')
const DIST = join(PACKAGE, 'dist')
const MARK_NAME = 'sources.sha256'
const MARK = join(DIST, MARK_NAME)
/** What ends up in it, beside its own sources. */
const SOURCES = [
  'index.html',
  'vite.config.ts',
  'src/**/*',
  '../client/src/**/*',
  '../signing/src/**/*',
]

const digest = digestOfSources()
if (
  process.argv.includes('--force') ||
  !existsSync(MARK) ||
  readFileSync(MARK, 'utf8') !== digest
) {
  const vite = findVite()
  if (vite === null) console.error('The console is not built: Vite is not installed (npm ci).')
  else build(vite)
}

/** Whoever looks meanwhile sees what was there before, or all of the new one. */
function build(vite: string): void {
  console.error('Building the console, once …')
  const made = join(PACKAGE, `dist-${process.pid}`)
  const parameters = ['build', '--outDir', made, '--emptyOutDir', '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, [vite, ...parameters], {
    cwd: PACKAGE,
    stdio: ['ignore', 2, 2],
  })
  if (status === 0) {
    writeFileSync(join(made, MARK_NAME), digest)
    rmSync(DIST, { recursive: true, force: true })
    // Another one may have been faster, with the same.
    if (!existsSync(DIST)) renameSync(made, DIST)
  } else if (process.argv.includes('--force')) process.exitCode = 1
  else console.error('The console could not be built; the server goes without it.')
  rmSync(made, { recursive: true, force: true })
}

function findVite(): string | null {
  try {
    const manifest = createRequire(join(PACKAGE, 'package.json')).resolve('vite/package.json')
    return join(dirname(manifest), 'bin', 'vite.js')
  } catch {
    return null
  }
}

function digestOfSources(): string {
  const hash = createHash('sha256')
  for (const file of globSync(SOURCES, { cwd: PACKAGE, withFileTypes: true }).toSorted(byPath)) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    hash
      .update(`${path.slice(PACKAGE.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
  return hash.digest('hex')
}

function byPath(
  a: { parentPath: string; name: string },
  b: { parentPath: string; name: string },
): number {
  return join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1
}
