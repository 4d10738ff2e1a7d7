import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appendQuery, parseAbsoluteUrl } from '../../src/lib/absolute-url.ts'

test('a URL comes apart as written', () => {
  assert.deepEqual(parseAbsoluteUrl('https://h.test:8443/a/.b/..c%20?x=1&y', 'url'), {
    scheme: 'https',
    host: 'h.test:8443',
    path: '/a/.b/..c%20',
    query: 'x=1&y',
  })
  assert.equal(parseAbsoluteUrl('http://h.test', 'url').path, '/')
})

test('what a client would send differently is refused by name', () => {
  for (const url of [
    '/a',
    'ftp://h/',
    'https://u@h/',
    'https://h/a#b',
    'https://h/a b',
    'https://h/é',
    'https://h/a/../b',
    'https://h/%2e',
    'https://h/a\tb',
    'https:///a',
    'https://h:443/',
    'http://h:80/',
    "https://h/?a='",
  ]) {
    assert.throws(() => parseAbsoluteUrl(url, 'url'), /^TypeError: url must/, url)
  }
})

test('parameters are appended to whatever query there is', () => {
  assert.equal(appendQuery('https://h/a', 'x=1'), 'https://h/a?x=1')
  assert.equal(appendQuery('https://h', 'x=1'), 'https://h/?x=1')
  assert.equal(appendQuery('https://h?a=/', 'x=1'), 'https://h/?a=/&x=1')
  assert.equal(appendQuery('https://h/a?', 'x=1'), 'https://h/a?x=1')
  assert.equal(appendQuery('https://h/a?b', 'x=1'), 'https://h/a?b&x=1')
})
