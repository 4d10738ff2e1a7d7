/** The page, and its script with what it imports in one file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const { outputFiles } = await build({
  entryPoints: [join(import.meta.dirname, 'page.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
})

export const page: string = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8')
export const script: string = outputFiles[0]?.text ?? ''
