import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const IMPORT = /(?:^(?:import|export) (?:[^'"]+ from )?|\bawait import\()'([^'.][^']*)'/gm

/** The packages that the sources below `folder` import at run time, ours left out. */
function importedPackages(folder: string): Set<string> {
  const names = new Set<string>()
  for (const file of globSync(`${folder}/**/*.ts`, { cwd: ROOT })) {
    if (file.endsWith('.d.ts')) continue
    const source = readFileSync(`${ROOT}${file}`, 'utf8').replaceAll(
      /^import type [^;]*?from '[^']+'$/gm,
      '',
    )
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
  ])
  assert.deepEqual(explained.toSorted(), [...used].toSorted())
})

test('the signing library imports nothing', () => {
  assert.deepEqual([...importedPackages('packages/signing/src')], [])
})
