import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const IMPORT = /^(?:import|export) (?:[^'"]+ from )?'([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm

/** The packages that the sources below `folder` import at run time, ours left out. */
function importedPackages(folder: string): Set<string> {
  const names = new Set<string>()
  for (const file of globSync(`${folder}/**/*.ts`, { cwd: ROOT })) {
    if (file.endsWith('.d.ts')) continue
    const source = readFileSync(`${ROOT}${file}`, 'utf8').replaceAll(
      /^import type [^;]*?from '[^']+'$/gm,
      '',
    )
    for (const [, fixed, loaded] of source.matchAll(IMPORT)) {
      const specifier = fixed ?? loaded ?? ''
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

/** What a package may find beside it, such as the SDKs of the demo, is nobody's dependency. */
function isInstalled(name: string): boolean {
  return ['server', 'cli'].some((folder) => {
    const file = readFileSync(`${ROOT}packages/${folder}/package.json`, 'utf8')
    const { dependencies } = JSON.parse(file) as { dependencies: Record<string, string> }
    return Object.hasOwn(dependencies, name)
  })
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
  assert.deepEqual(explained.toSorted(), [...used].filter(isInstalled).toSorted())
})

test('the signing library imports nothing', () => {
  assert.deepEqual([...importedPackages('packages/signing/src')], [])
})
