/** One script of the runner, the built library and every vector, which asks its runtime for nothing but the web's own. */
import { globSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { readVectorData } from '../../vectors/runner/read-vector-files.ts'

const LIBRARY = 'packages/signing/dist'

/** An ES module that exports `run`, which gives a promise of a `PortableOutcome`. `more` is put after it. */
export async function bundlePortably(more = ''): Promise<string> {
  const names = globSync('*.js', { cwd: LIBRARY }).map((file) => basename(file, '.js'))
  const imports = names.map(
    (name, index) => `import * as entry${index} from ${JSON.stringify(resolve(LIBRARY, name))}`,
  )
  const entries = names.map((name, index) => `${JSON.stringify(name)}: entry${index}`)
  const contents = [
    ...imports,
    `import { runPortably } from ${JSON.stringify(resolve('scripts/runtimes/portable-run.ts'))}`,
    `const data = ${JSON.stringify(readVectorData('vectors'))}`,
    `export const run = () => runPortably(data, { ${entries.join(', ')} })`,
    more,
  ]
  const { outputFiles } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    alias: { 'node:assert/strict': resolve('scripts/runtimes/assert.ts') },
  })
  return outputFiles[0]?.text ?? ''
}
