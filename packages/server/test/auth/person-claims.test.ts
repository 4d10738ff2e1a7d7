import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupsIn, nameIn } from '../../src/auth/person-claims.ts'

test('a claim of groups is a list of texts, or one text; anything else is no group', () => {
  const groups = (value: unknown): string[] => groupsIn({ sub: 's', groups: value }, 'groups')
  assert.deepEqual(groups(['a', 'b']), ['a', 'b'])
  assert.deepEqual(groups('a'), ['a'])
  assert.deepEqual(groups(['a', 7, null, '', ['b'], 'x'.repeat(257)]), ['a'])
  for (const value of [undefined, null, 7, true, {}, { 0: 'a' }])
    assert.deepEqual(groups(value), [])
  assert.deepEqual(groupsIn({ sub: 's' }, 'constructor'), [])
})

test('people are called by what they know best, and by their subject where nothing else is said', () => {
  assert.equal(nameIn({ sub: 's', name: 'Ann', email: 'ann@example.com' }), 'ann@example.com')
  assert.equal(nameIn({ sub: 's', email: '', name: 'Ann' }), 'Ann')
  assert.equal(nameIn({ sub: 's', name: 7 }), 's')
})
