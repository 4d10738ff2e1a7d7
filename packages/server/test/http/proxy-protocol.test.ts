import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProxyHeader } from '../../src/http/proxy-protocol.ts'
import { formatProxyHeader } from '../support/proxy-header.ts'

test('the source of TCP over IPv4 and IPv6 is read, extensions are passed over', () => {
  const v4 = formatProxyHeader({ source: '203.0.113.9' })
  assert.deepEqual(parseProxyHeader(v4), { source: '203.0.113.9', length: 28 })
  const v6 = formatProxyHeader({ source: '2001:db8::9', extensions: Buffer.alloc(100) })
  const length = 16 + 36 + 100
  assert.deepEqual(parseProxyHeader(v6), {
    source: '2001:0db8:0000:0000:0000:0000:0000:0009',
    length,
  })
  const rest = Buffer.concat([v4, Buffer.from('GET / HTTP/1.1')])
  assert.equal((parseProxyHeader(rest) as { length: number }).length, 28)
})

test('a balancer that speaks for itself says nothing of a client', () => {
  assert.deepEqual(
    parseProxyHeader(formatProxyHeader({ command: 0x20, family: 0, body: Buffer.alloc(0) })),
    {
      source: null,
      length: 16,
    },
  )
})

test('a header is awaited to its end', () => {
  const header = formatProxyHeader({ source: '203.0.113.9' })
  for (let length = 0; length < header.length; length += 1) {
    assert.equal(parseProxyHeader(header.subarray(0, length)), 'incomplete', String(length))
  }
})

test('HTTP is no header, and is known from its first byte that differs', () => {
  for (const text of [
    'G',
    'GET / HTTP/1.1\r\n\r\n',
    '\r\nGET',
    '\r\n\r\nG',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n',
  ]) {
    assert.deepEqual(parseProxyHeader(Buffer.from(text)), { source: null, length: 0 }, text)
  }
})

test('another version, command or family, too few bytes and far too many are refused', () => {
  const broken = [
    { command: 0x11 },
    { command: 0x22 },
    { family: 0x00 },
    { family: 0x12 },
    { family: 0x31 },
    { body: Buffer.alloc(11) },
    { body: Buffer.alloc(5000) },
  ]
  for (const change of broken) {
    const header = formatProxyHeader({ source: '203.0.113.9', ...change })
    assert.equal(parseProxyHeader(header), null, JSON.stringify(change))
  }
})
