import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SETTINGS, SETTING_NAMES } from '../../src/config/settings.ts'

const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8')

test('docs/configuration.md lists every setting with its variable and its flag, and no other', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| `(\w+)` \| `(--[a-z-]+)` \|/gm)]
  const documented = rows.map(([, name, env, flag]) => [name, env, flag])
  assert.deepEqual(
    documented,
    SETTING_NAMES.map((name) => [name, SETTINGS[name].env, SETTINGS[name].flag]),
  )
})

test('the three names of a setting follow from each other', () => {
  for (const name of SETTING_NAMES) {
    const words = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    assert.equal(SETTINGS[name].flag, `--${words}`)
    assert.equal(SETTINGS[name].env, `HALLPASS_${words.replaceAll('-', '_').toUpperCase()}`)
  }
})
