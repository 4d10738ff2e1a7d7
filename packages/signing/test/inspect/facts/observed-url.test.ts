import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostHeader, parseObservedUrl } from '../../../src/inspect/facts/observed-url.ts'

test('a URL is taken apart as it is written', () => {
  const url = parseObservedUrl('HTTPS://user:pw@Host.Test:8443/a%20b//c?x=1&y=%2B+z&&q#frag?')
  assert.equal(url.scheme, 'https')
  assert.equal(url.host, 'Host.Test')
  assert.equal(url.port, '8443')
  assert.equal(url.hasUserInfo, true)
  assert.equal(url.path, '/a%20b//c')
  assert.equal(url.query, 'x=1&y=%2B+z&&q')
  assert.equal(url.fragment, 'frag?')
  assert.deepEqual(
    url.parameters.map(({ name, value, rawValue }) => [name, value, rawValue]),
    [
      ['x', '1', '1'],
      ['y', '+ z', '%2B+z'],
      ['q', '', ''],
    ],
  )
})

test('broken escapes are kept as they are and marked', () => {
  const [parameter] = parseObservedUrl('https://h/?a%zz=%ff').parameters
  assert.equal(parameter?.isBroken, true)
  assert.equal(parameter?.name, 'a%zz')
  assert.equal(parameter?.value, '%ff')
})

test('a bare target, an empty text and a text that is no URL have parts too', () => {
  assert.equal(parseObservedUrl('/a?b=c').path, '/a')
  assert.equal(parseObservedUrl('/a?b=c').scheme, null)
  assert.equal(parseObservedUrl('').query, null)
  assert.equal(parseObservedUrl('https://host').path, '')
})

test('the host header leaves the scheme’s own port out', () => {
  assert.equal(hostHeader(parseObservedUrl('https://h:443/')), 'h')
  assert.equal(hostHeader(parseObservedUrl('http://h:443/')), 'h:443')
  assert.equal(hostHeader(parseObservedUrl('https://[::1]:9000/')), '[::1]:9000')
})
