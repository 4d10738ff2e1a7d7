import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCorsOrigins } from '../../src/config/cors-origins.ts'

test('one origin, several with spaces around the commas, and the asterisk are read', () => {
  assert.deepEqual(parseCorsOrigins('https://app.example.com'), ['https://app.example.com'])
  const several = 'https://app.example.com , http://localhost:5173,http://[::1]:3000'
  assert.deepEqual(parseCorsOrigins(several), [
    'https://app.example.com',
    'http://localhost:5173',
    'http://[::1]:3000',
  ])
  assert.deepEqual(parseCorsOrigins('http://a.test,http://a.test'), ['http://a.test'])
  assert.equal(parseCorsOrigins('*'), '*')
})

test('an origin of this machine may leave its port open, and no other may', () => {
  for (const origin of ['http://localhost:*', 'https://127.0.0.1:*', 'http://[::1]:*']) {
    assert.deepEqual(parseCorsOrigins(`https://a.test,${origin}`), ['https://a.test', origin])
  }
  const refused = [
    'http://a.test:*',
    'http://localhost:8*',
    'http://*:*',
    'http://localhost.a.test:*',
  ]
  for (const origin of refused) {
    assert.throws(
      () => parseCorsOrigins(origin),
      { message: /wildcard.*http:\/\/localhost:\*/ },
      origin,
    )
  }
})

test('what could break a header or would never match is refused, and the message says why', () => {
  const slash = /^must end each origin after the host and port, without a slash, path or query$/
  const refused: readonly (readonly [string, RegExp])[] = [
    ['https://a.test\r\nSet-Cookie: a=b', /control character/],
    ['https://a.test\n', /control character/],
    ['https://a.test\0', /control character/],
    ['https://a.test\t,https://b.test', /control character/],
    ['https://a.test/', slash],
    ['https://a.test\\', slash],
    ['https://a.test/app', slash],
    ['https://a.test?x', slash],
    ['https://a.test?', slash],
    ['https://a.test#', slash],
    ['https://a.test,https://b.test/', slash],
    ['null', /names null/],
    ['', /empty origin/],
    [',', /empty origin/],
    ['https://a.test,', /empty origin/],
    ['*,https://a.test', /wildcard/],
    ['https://*.a.test', /wildcard/],
    ['https://a.test https://b.test', /not a list of origins/],
    ['app.example.com', /not a list of origins/],
    ['localhost:5173', /not a list of origins/],
    ['//a.test', /not a list of origins/],
    ['https:a.test', /not a list of origins/],
    ['file:///tmp', /not a list of origins/],
    ['https://user:hunter2@a.test', /^holds a user name or password$/],
    [
      'https://a.test:443',
      /names https:\/\/a\.test:443, which browsers send as https:\/\/a\.test$/,
    ],
    ['HTTPS://A.test', /which browsers send as https:\/\/a\.test$/],
    ['https://bücher.test', /which browsers send as https:\/\/xn--bcher-kva\.test$/],
  ]
  for (const [text, reason] of refused) {
    assert.throws(() => parseCorsOrigins(text), { message: reason }, JSON.stringify(text))
  }
})
