import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireHost, singleCookie, singleHeader } from '../../src/lib/raw-headers.ts'
import type { RawRequest } from '../../src/types.ts'

function requestWith(...headers: string[]): RawRequest {
  return { method: 'GET', target: '/', headers }
}

test('a header is found in any case and refused when repeated', () => {
  assert.equal(singleHeader(['HOST', 'a.test', 'X', '1'], 'host'), 'a.test')
  assert.equal(singleHeader(['X', '1'], 'host'), null)
  assert.throws(() => singleHeader(['Host', 'a', 'host', 'a'], 'host'), {
    code: 'parameter-duplicate',
  })
})

test('a request needs one well-formed host', () => {
  assert.equal(
    requireHost(requestWith('Host', 'media.example.test:8443')),
    'media.example.test:8443',
  )
  assert.throws(() => requireHost(requestWith()), { code: 'header-missing' })
  assert.throws(() => requireHost(requestWith('Host', 'a/../b')), { code: 'parameter-malformed' })
  assert.throws(() => requireHost(requestWith('Host', 'a', 'Host', 'b')), {
    code: 'parameter-duplicate',
  })
})

test('a cookie is found by its exact name and refused when repeated', () => {
  assert.equal(singleCookie(['Cookie', 'a=1; token=x=y; b=2'], 'token'), 'x=y')
  assert.equal(singleCookie(['Cookie', 'Token=x'], 'token'), null)
  assert.throws(() => singleCookie(['Cookie', 'token=1', 'cookie', 'token=1'], 'token'), {
    code: 'parameter-duplicate',
  })
})
