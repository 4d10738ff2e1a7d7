import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAbsoluteUrl } from '../../src/lib/absolute-url.ts'
import { createSignedCookie } from '../../src/lib/signed-cookie.ts'

test('a signed cookie is sent below its prefix, no longer than it works, and to no script', () => {
  const scope = parseAbsoluteUrl('https://media.example.test/videos/id', 'urlPrefix')
  const { setCookie, expiresAt } = createSignedCookie('token', 'a=b', 1773482700, scope)
  assert.equal(
    setCookie,
    'token=a=b; Path=/videos/; Expires=Sat, 14 Mar 2026 10:05:00 GMT; HttpOnly; Secure',
  )
  assert.deepEqual(expiresAt, new Date('2026-03-14T10:05:00Z'))
})

test('over plain http it cannot be Secure', () => {
  const scope = parseAbsoluteUrl('http://media.example.test', 'urlPrefix')
  assert.match(createSignedCookie('token', 'a', 1, scope).setCookie, /; Path=\/; .*; HttpOnly$/)
})
