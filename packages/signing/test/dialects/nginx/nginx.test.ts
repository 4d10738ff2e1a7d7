import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import {
  presignNginx,
  presignNginxSecret,
  verifyNginx,
  verifyNginxSecret,
} from '../../../src/nginx.ts'
import type { NginxRule } from '../../../src/nginx.ts'
import { prepareRule } from '../../../src/dialects/nginx/params.ts'
import { hashNginxText } from '../../../src/dialects/nginx/string-to-sign.ts'
import { normalizeUri } from '../../../src/dialects/nginx/variables.ts'
import {
  assertRefused,
  bitFlips,
  cdnTokenVectors,
  propertyRuns,
  toRequest,
  vectorsOf,
} from '../cdn-support.ts'

interface DocumentedVector {
  readonly id: string
  readonly secure_link?: string
  readonly secure_link_md5?: string
  readonly uri?: string
  readonly remote_addr?: string
  readonly expires?: number
  readonly secure_link_secret?: string
  readonly link?: string
  readonly url: string
}

const documented = vectorsOf<DocumentedVector>('official/nginx/secure-link-documented.json')

test('the documented links come out byte for byte, verify, and no longer after a one-bit change', () => {
  assert.equal(documented.length, 2)
  for (const vector of documented) {
    const url = `https://h.test${vector.url}`
    const { target } = toRequest(url)
    if (vector.secure_link_md5 === undefined) {
      const secret = vector.secure_link_secret ?? ''
      const signed = presignNginxSecret({
        prefix: 'https://h.test/p/',
        link: vector.link ?? '',
        secret,
      })
      assert.equal(signed.url, url)
      const verify = (changed: string) =>
        verifyNginxSecret(toRequest(url, { target: changed }), { secrets: ['other', secret] })
      assert.equal(verify(target).link, vector.link)
      // The segment in front of the hash is not signed.
      for (const changed of bitFlips(target, { start: 2 }))
        assertRefused(() => verify(changed), undefined, changed)
      continue
    }
    const rule = { secureLink: vector.secure_link ?? '', expression: vector.secure_link_md5 }
    const clientIp = vector.remote_addr ?? ''
    const expiresAt = new Date((vector.expires ?? 0) * 1000)
    const signed = presignNginx({
      ...rule,
      url: `https://h.test${vector.uri ?? ''}`,
      clientIp,
      expiresAt,
    })
    assert.equal(signed.url, url)
    const verify = (changed: string) =>
      verifyNginx(toRequest(url, { target: changed, clientIp }), { rules: [rule], now: expiresAt })
    assert.equal(verify(target).uri, vector.uri)
    for (const changed of bitFlips(target)) {
      // nginx reads the names of arguments in any case.
      const isSameName = changed.replaceAll(/[?&]\w+=/g, (name) => name.toLowerCase()) === target
      if (!isSameName) assertRefused(() => verify(changed), undefined, changed)
    }
  }
})

test('the reference vectors hash as they should', () => {
  for (const { id, expected } of cdnTokenVectors('nginx-md5')) {
    assert.equal(hashNginxText(expected.toSign), expected.token, id)
  }
  for (const { inputs, expected } of cdnTokenVectors<{
    prefix: string
    link: string
    secret: string
  }>('nginx-secret')) {
    const { prefix, ...rest } = inputs.args
    assert.equal(
      presignNginxSecret({ ...rest, prefix: `https://h.test${prefix}` }).url,
      `https://h.test${expected.url}`,
    )
  }
})

const now = new Date('2026-03-14T10:00:00Z')
const rule: NginxRule = {
  expression: '$secure_link_expires$uri $secret',
  variables: { secret: 'hallpass-fake' },
}
const base = { ...rule, expiresInSeconds: 300, now }
const verify = (url: string, rules: readonly NginxRule[] = [rule], at = now) =>
  verifyNginx(toRequest(url), { rules, now: at })

test('whatever is signed verifies', () => {
  fc.assert(
    fc.property(fc.array(anyText({ minLength: 1, maxLength: 8 })), (segments) => {
      const path = `/x${segments.map((segment) => `/${encodeURIComponent(segment)}`).join('')}`
      const uri = normalizeUri(path, true)
      if (uri === null) {
        assert.throws(() => presignNginx({ ...base, url: `https://h.test${path}` }), TypeError)
      } else {
        assert.equal(
          verify(presignNginx({ ...base, url: `https://h.test${path}?a=b` }).url).uri,
          uri,
        )
      }
    }),
    { numRuns: propertyRuns },
  )
})

test('the path is decoded once and folded as nginx does', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['/a%20b/caf%C3%A9', '/a b/café'],
    ['/a//b/', '/a/b/'],
    ['/a/./b/../c', '/a/c'],
    ['/a/%2e%2e/b', '/b'],
    ['/a%2Fb', '/a/b'],
    ['/a/.', '/a/'],
    ['/a/b/..', '/a/'],
    ['/%252e%252e', '/%2e%2e'],
    ['/a+b', '/a+b'],
    ['/..', null],
    ['/a/../../b', null],
    ['/%00', null],
    ['/%zz', null],
    ['/%ff', null],
    ['/a#b', null],
  ]
  for (const [path, uri] of cases) assert.equal(normalizeUri(path, true), uri, path)
  assert.equal(normalizeUri('/a//b', false), '/a//b')
})

test('two spellings of one path are one link, and another path is none', () => {
  const { url } = presignNginx({ ...base, url: 'https://h.test/a/b' })
  assert.equal(verify(url.replace('/a/b', '/a/%62')).uri, '/a/b')
  assert.equal(verify(url.replace('/a/b', '/x/..//a/b')).uri, '/a/b')
  assertRefused(() => verify(url.replace('/a/b', '/a/c')), 'signature-mismatch')
  assertRefused(() => verify(url.replace('/a/b', '/%zz')), 'parameter-malformed')
})

test('variables of the request are signed where the expression names them', () => {
  const wide: NginxRule = {
    secureLink: '$arg_st,$arg_e',
    expression:
      '${arg_e}|$scheme|$host|$request_method|$uri|$arg_user|$http_x_device|$cookie_sid|$remote_addr|s3cret',
  }
  const signed = presignNginx({
    ...wide,
    expiresInSeconds: 60,
    now,
    url: 'https://H.test:8443/a?user=7',
    method: 'PUT',
    headers: { 'X-Device': 'tv', Cookie: 'sid=1' },
    clientIp: '203.0.113.7',
  })
  assert.deepEqual(signed.headers, { 'x-device': 'tv', cookie: 'sid=1' })
  assert.match(signed.url, /\?user=7&st=[A-Za-z0-9_-]{22}&e=\d{10}$/)
  const check = (url: string, more: object = {}) =>
    verifyNginx(
      toRequest(url, {
        method: 'PUT',
        headers: ['X-Device', 'tv', 'Cookie', 'sid=1'],
        clientIp: '203.0.113.7',
        ...more,
      }),
      { rules: [wide], now },
    )
  assert.ok(check(signed.url))
  assert.ok(check(signed.url.replace('H.test:8443', 'h.test')))
  assertRefused(() => check(signed.url, { method: 'GET' }), 'signature-mismatch')
  assertRefused(() => check(signed.url.replace('user=7', 'user=8')), 'signature-mismatch')
  assertRefused(
    () => check(signed.url, { headers: ['X-Device', 'tv', 'Cookie', 'sid=2'] }),
    'signature-mismatch',
  )
  assertRefused(() => check(signed.url, { clientIp: '203.0.113.8' }), 'signature-mismatch')
  assertRefused(() => check(signed.url, { clientIp: undefined }), 'ip-not-allowed')
  assertRefused(() => check(`${signed.url}&USER=8`), 'parameter-duplicate')
})

test('a method the expression does not hold opens reading only', () => {
  const { url } = presignNginx({ ...base, url: 'https://h.test/a' })
  assertRefused(
    () => verifyNginx(toRequest(url, { method: 'PUT' }), { rules: [rule], now }),
    'permission-missing',
  )
})

test('each fault has its own code', () => {
  const { url } = presignNginx({ ...base, url: 'https://h.test/file5' })
  assert.ok(verify(url.replace(/md5=([^&]*)/, 'md5=$1==')))
  assertRefused(() => verify('https://h.test/a'), 'signature-missing')
  assertRefused(() => verify(url.replace(/&expires=\d+/, '')), 'parameter-missing')
  assertRefused(() => verify(url.replace('expires=', 'expires=5')), 'parameter-malformed')
  assertRefused(() => verify(`${url}&Expires=1773484013`), 'parameter-duplicate')
  assertRefused(() => verify(`${url}&md5=x`), 'parameter-duplicate')
  for (const hash of [
    'x',
    'A'.repeat(21),
    'A'.repeat(23),
    'A'.repeat(10_000),
    `${'A'.repeat(22)}=`,
  ]) {
    assertRefused(() => verify(url.replace(/md5=[^&]*/, `md5=${hash}`)), 'signature-malformed')
  }
  assertRefused(() => verify(url, [rule], new Date(now.getTime() + 300_001)), 'signature-expired')
  assert.ok(verify(url, [rule], new Date(now.getTime() + 300_000)))
  const other = { ...rule, variables: { secret: 'other' } }
  assertRefused(() => verify(url, [other]), 'signature-mismatch')
  assert.ok(verify(url, [other, rule]))
})

test('rules that would not protect anything are refused', () => {
  for (const expression of [
    '$uri secret',
    '$secure_link_expires$uri',
    '$secure_link_expires$uri $ secret',
    '',
  ]) {
    assert.throws(() => prepareRule({ expression }), TypeError, expression)
  }
  assert.throws(() => prepareRule({ ...rule, variables: { secret: '' } }), TypeError)
  assert.throws(() => prepareRule({ ...rule, secureLink: '$arg_md5' }), TypeError)
  assert.throws(
    () =>
      presignNginx({
        ...base,
        expression: '$secure_link_expires$request_uri s3cret',
        url: 'https://h.test/a',
      }),
    TypeError,
  )
  assert.throws(
    () =>
      presignNginx({
        ...base,
        expression: '$secure_link_expires$remote_addr s3cret',
        url: 'https://h.test/a',
      }),
    TypeError,
  )
  assert.throws(
    () => presignNginx({ ...base, secureLink: '$cookie_a,$arg_b', url: 'https://h.test/a' }),
    TypeError,
  )
  assert.throws(() => presignNginx({ ...base, url: 'https://h.test/a?MD5=1' }), TypeError)
  assert.throws(() => presignNginx({ ...base, url: 'https://h.test/a?expires=1' }), TypeError)
  assert.throws(
    () => presignNginx({ ...rule, expiresAt: new Date(1e13), url: 'https://h.test/a' }),
    RangeError,
  )
})

test('the older mode signs the rest of the request as sent, and refuses what a server would fold', () => {
  const secret = 'hallpass-fake'
  const prefix = 'https://h.test/p/'
  const { url } = presignNginxSecret({ prefix, link: 'a%20b/c?x=1', secret })
  const verifySecret = (changed: string, secrets = [secret]) =>
    verifyNginxSecret(toRequest(changed), { secrets })
  assert.equal(verifySecret(url).link, 'a%20b/c?x=1')
  assertRefused(() => verifySecret(url.replace('x=1', 'x=2')), 'signature-mismatch')
  assertRefused(
    () => verifySecret(url.replace(/[0-9a-f]{32}/, (hash) => hash.toUpperCase())),
    'signature-malformed',
  )
  assertRefused(() => verifySecret('https://h.test/p/x'), 'signature-missing')
  assertRefused(() => verifySecret(url, ['']), 'key-invalid')
  assert.throws(() => presignNginxSecret({ prefix, link: '../x', secret }), TypeError)
  assert.throws(() => presignNginxSecret({ prefix, link: '', secret }), TypeError)
  assert.throws(
    () => presignNginxSecret({ prefix: 'https://h.test/', link: 'a', secret }),
    TypeError,
  )
  assert.throws(() => presignNginxSecret({ prefix, link: 'a', secret: '' }), {
    code: 'key-invalid',
  })
})
