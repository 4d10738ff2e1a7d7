import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knownGroups, scopeOfGroups } from '../../../src/core/sessions/group-rules.ts'

const scope = (pathPrefix: string) => ({ actions: ['read'] as const, pathPrefix, cidrs: [] })
const RULES = [
  { group: 'a', scope: scope('acme/a/') },
  { group: 'b', scope: scope('acme/b/') },
]

test('the first rule whose group somebody is in says what they may, in the order of the rules', () => {
  assert.deepEqual(scopeOfGroups(RULES, ['b', 'a'])?.pathPrefix, 'acme/a/')
  assert.deepEqual(scopeOfGroups(RULES, ['x', 'b'])?.pathPrefix, 'acme/b/')
  assert.equal(scopeOfGroups(RULES, ['A', 'x']), null)
  assert.equal(scopeOfGroups([], ['a']), null)
})

test('groups that no rule knows are not kept', () => {
  assert.deepEqual(knownGroups(RULES, ['x', 'b', 'a']), ['a', 'b'])
})
