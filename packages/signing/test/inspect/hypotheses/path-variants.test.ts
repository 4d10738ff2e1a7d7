import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathVariants, shorterPaths } from '../../../src/inspect/hypotheses/path-variants.ts'

function codeFor(sent: string, signed: string): string | undefined {
  return [...pathVariants(sent)].find(({ path }) => path === signed)?.code
}

test('the known spellings of a path are among its variants', () => {
  assert.equal(codeFor('/a+b', '/a%20b'), 'path-plus-for-space')
  assert.equal(codeFor('/a%20b%20c', '/a%2Bb%20c'), 'path-plus-for-space')
  assert.equal(codeFor('/a%2520b', '/a%20b'), 'path-double-encoded')
  assert.equal(codeFor('/e%CC%81', '/%C3%A9'), 'path-unicode-form')
  assert.equal(codeFor('/a', '/a/'), 'path-trailing-slash')
  assert.equal(codeFor('/a/', '/a'), 'path-trailing-slash')
  assert.equal(codeFor('/a/b', '/a//b'), 'path-slashes-merged')
  assert.equal(codeFor('/a/b', '/a/./b'), 'path-dots-folded')
  assert.equal(codeFor('/a/../b', '/b'), 'path-dots-folded')
  assert.equal(codeFor('/%c3%a9', '/%C3%A9'), 'path-escape-case')
  assert.equal(codeFor('/é', '/%C3%A9'), 'path-decoded')
})

test('no variant is the path itself, and none comes twice', () => {
  const paths = [...pathVariants('/a b/%C3%A9//c')].map(({ path }) => path)
  assert.equal(paths.includes('/a b/%C3%A9//c'), false)
  assert.equal(new Set(paths).size, paths.length)
})

test('shorter paths name what was taken away', () => {
  assert.deepEqual(
    [...shorterPaths('/a/b/c')],
    [
      { path: '/b/c', prefix: '/a' },
      { path: '/c', prefix: '/a/b' },
    ],
  )
})
