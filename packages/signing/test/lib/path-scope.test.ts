import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, constantFrom, property, string } from 'fast-check'
import { hasDotSegment, matchesWildcard } from '../../src/lib/path-scope.ts'

test('dot segments are seen in every spelling a server may fold', () => {
  for (const path of ['/a/../b', '/a/..', '/a/%2e%2E/b', '/a/.%2e/b', '/a%2f..%2Fb', '/a\\..\\b']) {
    assert.equal(hasDotSegment(path), true, path)
  }
  for (const path of ['/a.b/c..d', '/...', '/a/..b', '/%252e%252e/', '/', '/.hidden']) {
    assert.equal(hasDotSegment(path), false, path)
  }
})

test('wildcards match as the regular expression of the same meaning', () => {
  const letters = string({ unit: constantFrom('a', 'b', '/'), maxLength: 12 })
  const patterns = string({ unit: constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 })
  check(
    property(patterns, letters, (pattern, text) => {
      const expression = pattern.replaceAll('*', '.*').replaceAll('?', '.')
      assert.equal(matchesWildcard(pattern, text), new RegExp(`^${expression}$`).test(text))
    }),
    { numRuns: 500 },
  )
})

test('a hostile pattern on a long text takes steps, not for ever', () => {
  assert.equal(matchesWildcard('*a'.repeat(50) + 'b', 'a'.repeat(20_000)), false)
})
