import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ConfigError, readConfig } from '../../src/config.ts'
import { SETTINGS, SETTING_NAMES } from '../../src/config/settings.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8')

test('docs/configuration.md lists every setting with its variable and its flag, and no other', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `(\w+)` \| `(--[a-z-]+)` \|/gm)]
  const documented = rows.map(([, name, env, flag]) => [name, env, flag])
  assert.deepEqual(
    documented,
    SETTING_NAMES.map((name) => [name, SETTINGS[name].env, SETTINGS[name].flag]),
  )
})

/** Where people copy from what they export; a server that starts in that shell must not refuse it. */
const COPIED = ['README.md', 'docs', 'examples', 'packages/client/src', 'packages/console/src']

function textsAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [readFileSync(path, 'utf8')]
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'images' && !name.startsWith('.'))
    .flatMap((name) => textsAt(join(path, name)))
}

function variablesIn(text: string): readonly string[] {
  const found = text.matchAll(/(?:export |\$\{?|process\.env(?:\.|\['))(HALLPASS_\w+)/g)
  return [...found].flatMap(([, name]) => name ?? [])
}

function refusalOf(name: string): string {
  const sources = { flags: {}, configFile: null, cwd: '/', readFile: () => '' }
  try {
    readConfig({ ...sources, env: { [name]: 'x' } })
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n')
    throw error
  }
}

test('a start refuses no variable that is there to be copied', () => {
  const named = new Set(COPIED.flatMap((path) => textsAt(join(ROOT, path)).flatMap(variablesIn)))
  assert.ok(named.has('HALLPASS_API_KEY') && named.has('HALLPASS_PUBLIC_URL'))
  for (const name of named) assert.doesNotMatch(refusalOf(name), /is not a setting/, name)
})

test('the three names of a setting follow from each other', () => {
  for (const name of SETTING_NAMES) {
    const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    assert.equal(SETTINGS[name].flag, `--${words}`)
    assert.equal(SETTINGS[name].env, `HALLPASS_${words.replaceAll('-', '_').toUpperCase()}`)
  }
})
