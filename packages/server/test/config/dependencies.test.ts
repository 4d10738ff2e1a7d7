import assert from 'node:assert/strict'
import { globSync, readFileSync, readdirSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const IMPORT = /(?:^(?:import|export) (?:[^'"]+ from )?|\bawait import\()'([^'.][^']*)'/gm

/** The packages that the sources below `folder` import at run time, ours left out. */
function importedPackages(folder: string): Set<string> {
  const names = new Set<string>()
  for (const file of globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT })) {
    if (file.endsWith('.d.ts') || /\/(?:node_modules|dist|test)\//.test(file)) continue
    const source = readFileSync(`${ROOT}${file}`, 'utf8')
      .replaceAll(/^import type [^;]*?from '[^']+'$/gm, '')
      // Programs that the console shows import what their readers have.
      .replaceAll(/`[^`]*`/g, '')
    for (const [, specifier = ''] of source.matchAll(IMPORT)) {
      const [first = '', second] = specifier.split('/')
      const name = first.startsWith('@') ? `${first}/${second}` : first
      if (
        !name.startsWith('node:') &&
        !builtinModules.includes(name) &&
        !name.startsWith('@hallpass/')
      ) {
        names.add(name)
      }
    }
  }
  return names
}

test('every run-time dependency in use has its lines in docs/decisions, and no other has', () => {
  const page = readFileSync(`${ROOT}docs/decisions/005-dependencies.md`, 'utf8')
  const explained = [...page.matchAll(/^\*\*([^*]+)\*\*/gm)].flatMap((match) =>
    (match[1] ?? '').split(', '),
  )
  const used = new Set([
    ...importedPackages('packages/server/src'),
    ...importedPackages('packages/cli/src'),
    ...importedPackages('packages/console'),
  ])
  assert.deepEqual([...new Set(explained)].toSorted(), [...used].toSorted())
})

test('every decision has a number of its own, in its name and in its heading', () => {
  const folder = `${ROOT}docs/decisions/`
  const names = readdirSync(folder).toSorted()
  const numbers = names.map((name) => name.slice(0, 3))
  assert.deepEqual(numbers, [...new Set(numbers)])
  for (const name of names) {
    assert.ok(readFileSync(folder + name, 'utf8').startsWith(`# ${name.slice(0, 3)}`), name)
  }
})

test('the signing library imports nothing', () => {
  assert.deepEqual([...importedPackages('packages/signing/src')], [])
})
