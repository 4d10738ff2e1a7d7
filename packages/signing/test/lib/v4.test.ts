import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createBoundedCache } from '../../src/lib/bounded-cache.ts'
import { toHex } from '../../src/lib/bytes.ts'
import {
  canonicalV4HeaderValue,
  createV4Scope,
  formatV4HeaderLines,
  formatV4Query,
  parseV4Credential,
} from '../../src/lib/v4.ts'
import type { V4Scheme } from '../../src/lib/v4.ts'
import { toPairList } from '../../src/lib/pairs.ts'
import { deriveV4KeyBytes } from '../../src/lib/v4-key-chain.ts'
import { createV4KeyMemory, deriveV4Signer } from '../../src/lib/v4-keys.ts'

const scheme: V4Scheme = {
  keyPrefix: 'AWS4',
  terminal: 'aws4_request',
  parameterPrefix: 'X-Amz-',
  headerPrefix: 'x-amz-',
}

test('the signing key is that of the S3 documentation', () => {
  const scope = createV4Scope(scheme, '20130524', 'us-east-1', 's3')
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  assert.equal(
    toHex(deriveV4KeyBytes(scheme, secret, scope)),
    'dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378',
  )
})

test('a memory gives one signer a secret and scope, and forgets it with the secret', () => {
  const scope = createV4Scope(scheme, '20260314', 'us-east-1', 's3')
  const memory = createV4KeyMemory(scheme)
  const first = memory.signer('id', 'secret', scope)
  assert.equal(memory.signer('id', 'secret', scope), first)
  assert.notEqual(memory.signer('id', 'other', scope).key.hex('text'), first.key.hex('text'))
  const again = memory.signer('id', 'secret', scope)
  assert.notEqual(again, first)
  memory.forget('id')
  assert.notEqual(memory.signer('id', 'secret', scope), again)
})

test('a changed secret, day, region or service is another signing key', () => {
  const sign = (secret: string, day: string, region: string, service: string): string =>
    deriveV4Signer(scheme, secret, createV4Scope(scheme, day, region, service)).key.hex('text')
  const base = sign('secret', '20260314', 'us-east-1', 's3')
  assert.equal(sign('secret', '20260314', 'us-east-1', 's3'), base)
  const others = [
    sign('secret2', '20260314', 'us-east-1', 's3'),
    sign('secret', '20260315', 'us-east-1', 's3'),
    sign('secret', '20260314', 'us-east-2', 's3'),
    sign('secret', '20260314', 'us-east-1', 's3x'),
  ]
  assert.equal(new Set([base, ...others]).size, 5)
})

test('a credential has five parts, neither more nor less', () => {
  const parsed = parseV4Credential('AKID/20260314/us-east-1/s3/aws4_request')
  assert.equal(parsed?.keyId, 'AKID')
  assert.equal(parsed?.scope.text, '20260314/us-east-1/s3/aws4_request')
  for (const text of [
    '',
    'AKID',
    'AKID/20260314/r/s3',
    'A/B/20260314/r/s3/aws4_request',
    '/d/r/s/t',
  ]) {
    assert.equal(parseV4Credential(text), null)
  }
})

test('a query is sorted by encoded name and then by value', () => {
  const pairs = toPairList(
    [
      ['b', '2'],
      ['a', 'é'],
      ['B', ''],
      ['a', ' '],
      ['a-b', '1'],
    ],
    'query',
  )
  assert.equal(formatV4Query(pairs), 'B=&a=%20&a=%C3%A9&a-b=1&b=2')
})

test('pairs may be given as a record or as a list', () => {
  assert.deepEqual(toPairList({ a: '1', b: '2' }, 'query'), [
    ['a', '1'],
    ['b', '2'],
  ])
  assert.deepEqual(toPairList(undefined, 'query'), [])
})

test('a header value is folded also inside quotes, and only blanks are', () => {
  assert.equal(canonicalV4HeaderValue('  a   "b  c"\t\r\n d '), 'a "b c" d')
  assert.equal(canonicalV4HeaderValue('\u00a0a\u00a0'), '\u00a0a\u00a0')
  assert.equal(canonicalV4HeaderValue(''), '')
})

test('folding is idempotent and takes linear time', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(' ', '\t', 'a', '\n') }), (text) => {
      const folded = canonicalV4HeaderValue(text)
      assert.equal(canonicalV4HeaderValue(folded), folded)
    }),
  )
  assert.equal(canonicalV4HeaderValue(`a${' '.repeat(200_000)}b`), 'a b')
})

test('repeated headers are joined in the order given, under one name', () => {
  const formatted = formatV4HeaderLines([
    ['X-B', '2'],
    ['x-a', '1'],
    ['x-b', ' 1 '],
  ])
  assert.deepEqual(formatted, { headerLines: 'x-a:1\nx-b:2,1\n', signedHeaders: 'x-a;x-b' })
})

test('a bounded cache keeps what is used and never more than twice its size', () => {
  const cache = createBoundedCache<number, number>(10)
  for (let index = 0; index < 1000; index += 1) {
    cache.set(index, index)
    assert.equal(cache.get(index), index)
    // Asked for all the time, it stays.
    if (index > 0) assert.equal(cache.get(0), 0)
  }
  let kept = 0
  for (let index = 0; index < 1000; index += 1) if (cache.get(index) !== undefined) kept += 1
  assert.ok(kept <= 20, `${kept} kept`)
})
