/**
 * Prints what each entry of @hallpass/signing weighs in a browser: bundled alone, minified, and gzipped, by esbuild.
 * `npm run size`; with `--json` for other programs, and with the names of entries only those.
 */
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

interface EntrySize {
  readonly entry: string
  readonly minifiedBytes: number
  readonly gzippedBytes: number
}

async function measureEntry(path: string): Promise<EntrySize> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    write: false,
  })
  const contents = outputFiles[0]?.contents ?? new Uint8Array()
  return {
    entry: basename(path, '.ts'),
    minifiedBytes: contents.length,
    gzippedBytes: gzipSync(contents, { level: 9 }).length,
  }
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const paths = globSync('packages/signing/src/*.ts')
  .filter((path) => wanted.length === 0 || wanted.includes(basename(path, '.ts')))
  .toSorted()
const sizes: EntrySize[] = []
for (const path of paths) sizes.push(await measureEntry(path))

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(sizes, null, 2))
} else {
  console.log(`${'entry'.padEnd(20)}${'minified'.padStart(10)}${'gzipped'.padStart(10)}`)
  for (const { entry, minifiedBytes, gzippedBytes } of sizes) {
    const columns = [minifiedBytes, gzippedBytes].map((bytes) => `${bytes}`.padStart(10))
    console.log(entry.padEnd(20) + columns.join(''))
  }
}
