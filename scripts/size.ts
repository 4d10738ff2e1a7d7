/**
 * Prints what each entry of a package weighs in a browser: bundled alone, minified, and gzipped, by esbuild; and, as `console`, what the console
 * loads before it shows its first screen, as it is built.
 * `npm run size`; with `--json` for other programs, and with the names of entries only those.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

interface EntrySize {
  readonly entry: string
  readonly minifiedBytes: number
  readonly gzippedBytes: number
}

interface Entry {
  /** `s3` of the signing library, `client/upload` of another package. */
  readonly name: string
  readonly path: string
}

/** What the package.json of each says can be imported. */
function entriesOf(folder: string): Entry[] {
  const { exports } = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  }
  return Object.entries(exports).flatMap(([name, target]) => {
    const source = typeof target === 'string' ? undefined : target['@hallpass/source']
    if (source === undefined) return []
    const path = join('packages', folder, source)
    if (folder === 'signing') return [{ name: name === '.' ? 'index' : name.slice(2), path }]
    return [{ name: name.replace('.', folder), path }]
  })
}

async function measureEntry({ name, path }: Entry): Promise<EntrySize> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    // What every page that uses them has anyway.
    external: ['react', '@hallpass/client'],
    write: false,
  })
  const contents = outputFiles[0]?.contents ?? new Uint8Array()
  return {
    entry: name,
    minifiedBytes: contents.length,
    gzippedBytes: gzipSync(contents, { level: 9 }).length,
  }
}

/** What index.html names: the rest is loaded with the screen that wants it. */
function measureConsole(): EntrySize {
  spawnSync(process.execPath, ['scripts/console.ts'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const folder = 'packages/console/dist'
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const named = [...page.matchAll(/\/-\/console\/(assets\/[^"]+)"/g)].map(([, path = '']) => path)
  const files = ['index.html', ...named].map((path) => readFileSync(join(folder, path)))
  const sum = (sizes: readonly number[]): number => sizes.reduce((all, one) => all + one, 0)
  return {
    entry: CONSOLE,
    minifiedBytes: sum(files.map((file) => file.length)),
    gzippedBytes: sum(files.map((file) => gzipSync(file).length)),
  }
}

const CONSOLE = 'console'
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const entries = ['signing', 'client', 'react']
  .flatMap(entriesOf)
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const sizes: EntrySize[] = []
for (const entry of entries) sizes.push(await measureEntry(entry))
if (wanted.length === 0 || wanted.includes(CONSOLE)) sizes.push(measureConsole())

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(sizes, null, 2))
} else {
  console.log(`${'entry'.padEnd(20)}${'minified'.padStart(10)}${'gzipped'.padStart(10)}`)
  for (const { entry, minifiedBytes, gzippedBytes } of sizes) {
    const columns = [minifiedBytes, gzippedBytes].map((bytes) => `${bytes}`.padStart(10))
    console.log(entry.padEnd(20) + columns.join(''))
  }
}
