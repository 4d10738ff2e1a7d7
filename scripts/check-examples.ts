/**
 * Compiles the TypeScript of the documentation, strictly, against the declarations that are published: one program, an example a module.
 * `npm run check` runs it after the build.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2024',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
}

interface Example {
  readonly name: string
  readonly text: string
}

/** The blocks that import something: one that imports nothing is a piece of a program. */
function readExamples(page: string): Example[] {
  return [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)]
    .map(([, text = ''], index) => ({ name: `${page.replaceAll('/', '.')}.${index}.mts`, text }))
    .filter(({ text }) => /^import /m.test(text))
}

/** Below the packages, so that their names are found. */
const folder = mkdtempSync(join('node_modules', '.examples-'))
try {
  const examples = globSync(['docs/**/*.md', '*.md', 'packages/*/README.md']).flatMap(readExamples)
  for (const { name, text } of examples) writeFileSync(join(folder, name), text)
  const config = { compilerOptions: COMPILER_OPTIONS, files: examples.map(({ name }) => name) }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { status } = spawnSync('tsc', ['--project', folder], { stdio: 'inherit' })
  if (status === 0) console.log(`${examples.length} examples of the documentation compile`)
  else process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
