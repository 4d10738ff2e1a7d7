/** docs/rest-api.md has every line of a policy, every preset, and every action of a key. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ACTIONS } from '../../../src/catalog/records.ts'
import { LINE_RULES } from '../../../src/core/policy/line-rules.ts'
import { PRESETS } from '../../../src/core/policy/presets.ts'
import { USER_ACTIONS } from '../../../src/core/users/user-rules.ts'

const DOCS = new URL('../../../../../docs/', import.meta.url)
const page = readFileSync(new URL('rest-api.md', DOCS), 'utf8')

/** What stands in backticks. */
function readNames(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name)
}

test('every line of a policy is documented, and every documented line exists', () => {
  const table = /^\| Line \| Says \|.*\n.*\n((?:\|.*\n)+)/m.exec(page)?.[1] ?? ''
  const cells = [...table.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell)
  assert.deepEqual(
    cells.flatMap(readNames).toSorted(),
    LINE_RULES.map(({ line }) => line).toSorted(),
  )
})

test('every preset is documented', () => {
  const presets = /^\| `GET \/v1\/policy\/presets` \| (.*) \|$/m.exec(page)?.[1]
  assert.deepEqual(readNames(presets).toSorted(), Object.keys(PRESETS).toSorted())
})

test('every action of keys and of end users is documented, and every documented one exists', () => {
  const ofKeys = /A key has `actions` \(([^)]+)\)/.exec(page)?.[1]
  assert.deepEqual(readNames(ofKeys), [...ACTIONS])
  const users = readFileSync(new URL('end-users.md', DOCS), 'utf8')
  const ofUsers = /^- `actions`: of ([^.]+)\./m.exec(users)?.[1]
  assert.deepEqual(readNames(ofUsers), [...USER_ACTIONS])
})
