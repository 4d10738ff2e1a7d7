import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { createConnection } from 'node:net'
import { test } from 'node:test'
import type { RequestLike } from '../../src/request.ts'
import { isSigningError } from '../../src/errors.ts'
import { toRawRequest } from '../../src/request.ts'
import { presignS3, verifyS3 } from '../../src/s3.ts'
import type { RawRequest } from '../../src/types.ts'

const TARGET = '/b/a%20b//c/../d?x=%2F&y='

test('a fetch request keeps its target, its method and its host', () => {
  const request = new Request('http://files.example.test:8080/b/a%20b?x=%2F#part', {
    method: 'put',
    headers: { 'X-Amz-Meta-A': '1' },
  })
  assert.deepEqual(toRawRequest(request), {
    method: 'PUT',
    target: '/b/a%20b?x=%2F',
    headers: ['Host', 'files.example.test:8080', 'x-amz-meta-a', '1'],
    scheme: 'http',
  })
  assert.equal(toRawRequest(request, { scheme: 'https' }).scheme, 'https')
})

async function receive(lines: string): Promise<IncomingMessage> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let socket: Socket | null = null
  try {
    socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1')
    const arrived = once(server, 'request') as Promise<[IncomingMessage]>
    socket.write(lines)
    return (await arrived)[0]
  } finally {
    socket?.destroy()
    server.close()
    server.closeAllConnections()
  }
}

test('a message of Node comes as it arrived, repeats and all', async () => {
  const message = await receive(
    `GET ${TARGET} HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\nx-a: 2\r\nConnection: close\r\n\r\n`,
  )
  const request = toRawRequest(message, { clientIp: '203.0.113.7' })
  assert.deepEqual(request, {
    method: 'GET',
    target: TARGET,
    headers: ['Host', 'a.test', 'X-A', '1', 'x-a', '2', 'Connection', 'close'],
    scheme: 'https',
    clientIp: '203.0.113.7',
  })
})

test('the target before a router cut off its prefix is the one', () => {
  const mounted = {
    method: 'GET',
    url: '/a?x',
    originalUrl: '/files/a?x',
    headers: { host: 'a.test' },
  }
  assert.equal(toRawRequest(mounted).target, '/files/a?x')
})

test('the authority of HTTP/2 is its host', async () => {
  const server = createHttp2Server()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(`http://127.0.0.1:${port}`)
  try {
    const arrived = new Promise<RawRequest>((resolve, reject) => {
      server.once('request', (request, response) => {
        response.end()
        try {
          resolve(toRawRequest(request))
        } catch (error) {
          reject(error)
        }
      })
    })
    client.request({ ':path': TARGET, 'x-a': '1' }).resume().end()
    const { headers, target } = await arrived
    assert.equal(target, TARGET)
    assert.deepEqual(headers, ['Host', `127.0.0.1:${port}`, 'x-a', '1'])
  } finally {
    client.close()
    server.close()
  }
})

const SHAPES: readonly (readonly [name: string, headers: RequestLike['headers']])[] = [
  [
    'Headers',
    new Headers([
      ['host', 'a.test'],
      ['x-a', '1'],
    ]),
  ],
  [
    'a Map',
    new Map([
      ['host', 'a.test'],
      ['x-a', '1'],
    ]),
  ],
  [
    'pairs',
    [
      ['host', 'a.test'],
      ['x-a', '1'],
    ],
  ],
  ['names and values in turn', ['host', 'a.test', 'x-a', '1']],
  ['a record', { host: 'a.test', 'x-a': '1', 'x-b': undefined }],
  ['a record with a list', { host: 'a.test', 'x-a': ['1'] }],
]

for (const [name, headers] of SHAPES) {
  test(`headers may be ${name}`, () => {
    const { headers: list } = toRawRequest({ method: 'GET', url: '/a', headers })
    assert.deepEqual(list, ['host', 'a.test', 'x-a', '1'])
  })
}

test('a list in a record is a header that came as often', () => {
  const { headers } = toRawRequest({ method: 'GET', url: '/', headers: { 'x-a': ['1', '2'] } })
  assert.deepEqual(headers, ['x-a', '1', 'x-a', '2'])
})

test('an absolute URL brings scheme and host', () => {
  const url = 'HTTPS://a.test?x'
  const brought = toRawRequest({ method: 'get', url, headers: {} })
  assert.deepEqual(brought, {
    method: 'GET',
    target: '/?x',
    headers: ['Host', 'a.test'],
    scheme: 'https',
  })
  const { headers } = toRawRequest({ method: 'GET', url, headers: { Host: 'A.test:443' } })
  assert.deepEqual(headers, ['Host', 'A.test:443'])
})

test('a request that names two hosts is refused, wherever the second one stands', () => {
  const isRefused = (error: unknown): boolean =>
    isSigningError(error) && error.code === 'header-conflict' && error.details.name === 'host'
  const url = 'https://a.test/x'
  for (const [target, headers] of [
    [url, { Host: 'b.test' }],
    [url, { Host: 'a.test:8443' }],
    ['http://a.test/x', { Host: 'a.test:443' }],
    [url, [':authority', 'b.test']],
    ['/x', [':authority', 'a.test', 'host', 'b.test']],
    ['/x', ['Host', 'a.test', 'Host', 'b.test']],
  ] as const) {
    assert.throws(() => toRawRequest({ method: 'GET', url: target, headers }), isRefused)
  }
  const same = [':authority', 'A.test', 'host', 'a.test']
  const { headers } = toRawRequest({ method: 'GET', url: 'https://a.test:443/x', headers: same })
  assert.deepEqual(headers, ['host', 'a.test'])
})

test('a URL with a user or a password is refused', () => {
  for (const user of ['user', 'user:password', ':password', '']) {
    const url = `https://${user}@a.test/x`
    const expected = { name: 'TypeError', message: /^url must have no user/ }
    assert.throws(() => toRawRequest({ method: 'GET', url, headers: {} }), expected)
  }
})

test('a wrong shape is named', () => {
  const good = { method: 'GET', url: '/a', headers: {} }
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [null, /^request must be/],
    ['https://a.test/', /^request must be/],
    [{ ...good, url: 'a.test/x' }, /^url must be/],
    [{ ...good, url: 'ftp://a.test/x' }, /^url must be/],
    [{ ...good, url: 'https://a.test/x y' }, /^url must be/],
    [{ ...good, url: String.raw`https://evil.test\@a.test/x` }, /^url must be/],
    [{ ...good, url: undefined }, /^url is missing$/],
    [{ ...good, method: undefined }, /^method is missing$/],
    [{ ...good, headers: undefined }, /^headers is missing$/],
    [{ ...good, headers: 'Host: a' }, /^headers must be/],
    [{ ...good, headers: ['a'] }, /^headers must have a value/],
    [{ ...good, headers: [['a', 'b', 'c']] }, /^headers must be/],
    [{ ...good, headers: { a: 1 } }, /^headers must have text.* under a$/],
    [{ ...good, headers: { a: [1] } }, /^headers must have text/],
  ]
  for (const [request, message] of cases) {
    assert.throws(() => toRawRequest(request as RequestLike), { name: 'TypeError', message })
  }
  assert.throws(() => toRawRequest(good, { scheme: 'ftp' as 'http' }), /^TypeError: scheme must be/)
  assert.throws(() => toRawRequest(good, { clientIp: '' }), /^TypeError: clientIp must be/)
})

test('what comes out verifies', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass-fake-key' }
  const region = 'eu-west-1'
  const signed = presignS3({
    method: 'GET',
    bucket: 'reports',
    key: 'a b/ü.pdf',
    region,
    credentials,
    expiresInSeconds: 300,
    filename: 'ü.pdf',
  })
  const { path } = verifyS3(toRawRequest(new Request(signed.url)), {
    region,
    lookup: () => credentials,
  })
  assert.equal(path, '/a b/ü.pdf')
})
