import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatCacheControl } from '../../../src/api/s3/answers/cache-control.ts'

test('a private answer is private, and no older than its link may get', () => {
  assert.equal(formatCacheControl('private', null, 300), 'private, no-cache')
  assert.equal(
    formatCacheControl('private', 'public, max-age=31536000', 300),
    'private, max-age=300',
  )
  assert.equal(
    formatCacheControl('private', 'public, s-maxage=900, immutable', 300),
    'private, max-age=300',
  )
  for (const stored of ['max-age=10', 'max-age=10, s-maxage=5']) {
    assert.equal(formatCacheControl('private', stored, 300), 'private, max-age=10')
  }
})

test('a private answer whose owner names no age is asked for again each time', () => {
  for (const stored of ['public', 'private', 'x', '', 's-maxage=900']) {
    assert.equal(formatCacheControl('private', stored, 300), 'private, no-cache')
  }
  assert.equal(
    formatCacheControl('private', 'no-transform, must-revalidate', 300),
    'private, no-cache, must-revalidate, no-transform',
  )
  assert.equal(formatCacheControl('private', 'max-age', 300), 'private, max-age=0')
})

test('nothing is kept once the link has run out, or if the owner says so', () => {
  assert.equal(formatCacheControl('private', null, 0), 'private, no-store')
  assert.equal(formatCacheControl('private', null, -5), 'private, no-store')
  assert.equal(formatCacheControl('private', 'no-store', 300), 'private, no-store')
})

test('a public answer is looked at again within its limit, and may ask for less', () => {
  assert.equal(formatCacheControl('public', 'max-age=86400', 60), 'public, max-age=60')
  assert.equal(formatCacheControl('public', 's-maxage=5', 60), 'public, max-age=5')
  assert.equal(formatCacheControl('public', 'max-age=9, s-maxage=5', 60), 'public, max-age=5')
  assert.equal(formatCacheControl('public', 's-maxage=900', 60), 'public, max-age=60')
  assert.equal(formatCacheControl('public', 'private', 60), 'private, max-age=60')
  assert.equal(formatCacheControl('public', 'no-cache', 60), 'public, no-cache')
  assert.equal(
    formatCacheControl('public', 'max-age=5, must-revalidate, no-transform', 60),
    'public, max-age=5, must-revalidate, no-transform',
  )
})

test('an age that is none counts as zero', () => {
  for (const age of ['-1', 'abc', '1e9', '1.5']) {
    assert.equal(
      formatCacheControl('public', `max-age=${age}`, 60),
      age === '1e9' ? 'public, max-age=60' : 'public, max-age=0',
    )
  }
})
