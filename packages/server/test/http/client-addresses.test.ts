import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createAddressSet, parseAddress } from '../../src/core/addresses.ts'
import { createClientAddresses } from '../../src/http/client-addresses.ts'
import type { ClientAddresses } from '../../src/http/client-addresses.ts'
import { formatProxyHeader } from '../support/proxy-header.ts'

interface Bench {
  readonly server: Server
  readonly clients: ClientAddresses
  readonly port: number
  /** Sends headers of a request; resolves to the address that was found. */
  readonly find: (...headers: readonly (readonly [string, string])[]) => Promise<string>
}

/** A server that answers with the client's address, two spaces, and the length of the body. */
async function start(
  t: TestContext,
  trusted: readonly string[] | null,
  timeoutMs = 60_000,
): Promise<Bench> {
  const clients = createClientAddresses(
    trusted === null ? null : { isTrusted: createAddressSet(trusted), parseAddress },
  )
  const server = createServer((request, response) => {
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
    })
    request.on('end', () => response.end(`<${clients.find(request)}  ${length}>`))
  })
  clients.attach(server, timeoutMs)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    clients.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const find = async (...headers: readonly (readonly [string, string])[]): Promise<string> => {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const text = await exchange(port, [
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`,
    ])
    return /<(\S*) /.exec(text)?.[1] ?? text
  }
  return { server, clients, port, find }
}

/** What came until the connection ended. Each part is a write of its own. */
function exchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  void writeParts(socket, parts)
  return readAll(socket)
}

async function writeParts(socket: Socket, parts: readonly (string | Buffer)[]): Promise<void> {
  for (const part of parts) {
    socket.write(part)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function readAll(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.on('close', () => resolve(text))
  return promise
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const addressesIn = (text: string): string[] =>
  [...text.matchAll(/<(\S*) /g)].map(([, found = '']) => found)

test('without trusted proxies, and from anybody else, what a request says of itself is not believed', async (t) => {
  for (const trusted of [null, ['10.0.0.0/8']]) {
    const { find, port } = await start(t, trusted)
    const said = [
      ['X-Forwarded-For', '203.0.113.9'],
      ['Forwarded', 'for=203.0.113.9'],
      ['X-Real-IP', '203.0.113.9'],
    ] as const
    assert.equal(await find(...said), '127.0.0.1')
    // The bytes of the PROXY protocol are no HTTP.
    const text = await exchange(port, [formatProxyHeader({}), GET])
    assert.match(text, /^HTTP\/1\.1 400 /)
    assert.deepEqual(addressesIn(text), [])
  }
})

test('of a trusted proxy the rightmost address that is not a trusted one counts', async (t) => {
  const { find } = await start(t, ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'])
  const chains: readonly (readonly [string, string])[] = [
    ['203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['6.6.6.6, 203.0.113.9, 10.1.2.3, 2001:db8:1::7', '203.0.113.9'],
    ['10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['6.6.6.6, [2001:DB8::0:9]:443', '2001:db8::9'],
    ['nonsense, 203.0.113.9', '203.0.113.9'],
  ]
  for (const [text, expected] of chains) {
    assert.equal(await find(['X-Forwarded-For', text]), expected, text)
    const nodes = text
      .split(', ')
      .map((node) => `for="${node.includes(':') && !node.startsWith('[') ? `[${node}]` : node}"`)
    assert.equal(await find(['Forwarded', nodes.join(', ')]), expected, text)
  }
  assert.equal(await find(), '127.0.0.1')
  const twice = [
    ['X-Forwarded-For', '6.6.6.6'],
    ['X-Forwarded-For', '203.0.113.9'],
  ] as const
  assert.equal(await find(...twice), '203.0.113.9')
})

test('an address that is hidden or cannot be read leaves the client unknown', async (t) => {
  const { find } = await start(t, ['127.0.0.1', '10.0.0.0/8'])
  const hidden = [
    'unknown',
    '_hidden',
    '203.0.113',
    '203.0.113.009',
    '3405803785',
    'fe80::1%eth0',
    'files.example.com',
    '203.0.113.9, unknown, 10.0.0.1',
    '203.0.113.9 10.0.0.1',
  ]
  for (const text of hidden) {
    assert.equal(await find(['X-Forwarded-For', text]), 'unknown', text)
    assert.equal(await find(['Forwarded', `for="${text}"`]), 'unknown', text)
  }
  assert.equal(await find(['Forwarded', 'for=203.0.113.9;x="']), 'unknown')
  assert.equal(await find(['Forwarded', 'proto=https']), 'unknown')
})

test('two headers that disagree say nothing, two that agree say it', async (t) => {
  const { find } = await start(t, ['127.0.0.1'])
  const agreed = [
    ['X-Forwarded-For', '203.0.113.9'],
    ['Forwarded', 'for="203.0.113.9:80"'],
  ] as const
  assert.equal(await find(...agreed), '203.0.113.9')
  const other = [
    ['X-Forwarded-For', '203.0.113.9'],
    ['Forwarded', 'for=6.6.6.6'],
  ] as const
  assert.equal(await find(...other), 'unknown')
})

test('the PROXY protocol of a trusted balancer says whose connection it is, in whatever pieces it comes', async (t) => {
  const { port } = await start(t, ['127.0.0.1'])
  const header = formatProxyHeader({ source: '203.0.113.9' })
  const whole = Buffer.concat([header, Buffer.from(GET)])
  const pieces = [
    [whole],
    [header, GET],
    [whole.subarray(0, 3), whole.subarray(3, 13), whole.subarray(13, 30), whole.subarray(30)],
    Array.from(whole.subarray(0, 40), (byte) => Buffer.from([byte])).concat(whole.subarray(40)),
  ]
  for (const parts of pieces) {
    assert.deepEqual(
      addressesIn(await exchange(port, parts)),
      ['203.0.113.9'],
      String(parts.length),
    )
  }
  const v6 = formatProxyHeader({ source: '2001:db8::9', extensions: Buffer.alloc(30, 4) })
  assert.deepEqual(addressesIn(await exchange(port, [v6, GET])), ['2001:db8::9'])
})

test('the client behind it is not believed, a trusted proxy behind it is', async (t) => {
  const { port } = await start(t, ['127.0.0.1', '10.0.0.0/8'])
  const said = GET.replace('Connection', 'X-Forwarded-For: 198.51.100.1\r\nConnection')
  const client = await exchange(port, [formatProxyHeader({ source: '203.0.113.9' }), said])
  assert.deepEqual(addressesIn(client), ['203.0.113.9'])
  const proxy = await exchange(port, [formatProxyHeader({ source: '10.0.0.9' }), said])
  assert.deepEqual(addressesIn(proxy), ['198.51.100.1'])
})

test('it holds for every request of the connection, pipelined and with bodies', async (t) => {
  const { port } = await start(t, ['127.0.0.1'])
  const body = Buffer.alloc(3_000_000, 'x')
  const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`
  const first = Buffer.concat([formatProxyHeader({}), Buffer.from(post), body])
  const text = await exchange(port, [first, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', GET])
  assert.deepEqual(addressesIn(text), ['203.0.113.9', '203.0.113.9', '203.0.113.9'])
  assert.match(text, / {2}3000000>/)
})

test('a trusted proxy need not use it, and a balancer may speak for itself', async (t) => {
  const { port, find } = await start(t, ['127.0.0.1'])
  assert.equal(await find(), '127.0.0.1')
  assert.deepEqual(addressesIn(await exchange(port, ['G', GET.slice(1)])), ['127.0.0.1'])
  const local = formatProxyHeader({ command: 0x20, family: 0, body: Buffer.alloc(0) })
  assert.deepEqual(addressesIn(await exchange(port, [local, GET])), ['127.0.0.1'])
})

test('a broken header ends the connection, and so does one that does not come', async (t) => {
  const { port } = await start(t, ['127.0.0.1'], 200)
  assert.equal(await exchange(port, [formatProxyHeader({ family: 0x31 }), GET]), '')
  assert.equal(await exchange(port, [formatProxyHeader({ command: 0x31 }), GET]), '')
  assert.equal(await exchange(port, [formatProxyHeader({}).subarray(0, 20)]), '')
  assert.equal(await exchange(port, []), '')
})

test('connections that are still awaited do not hold up a stop', async (t) => {
  const { server, clients, port } = await start(t, ['127.0.0.1'])
  const accepted = new Promise<void>((resolve) => server.once('connection', () => resolve()))
  const silent = readAll(connect({ port, host: '127.0.0.1' }))
  await accepted
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  clients.close()
  assert.equal(await silent, '')
  await closed
})
