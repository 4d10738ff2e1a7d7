import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createPostOut } from '../../src/http/post-out.ts'
import type { PostAnswer } from '../../src/http/post-out.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown

interface Receiver {
  readonly port: number
  readonly requests: () => number
}

async function startReceiver(t: TestContext, handle: Handle): Promise<Receiver> {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, requests: () => requests }
}

function post(url: string, mayConnect: (address: string) => boolean): Promise<PostAnswer> {
  const { signal } = new AbortController()
  const send = createPostOut({ mayConnect, timeoutMs: 60_000 })
  return send({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":"ä"}', signal })
}

const anywhere = (): boolean => true
const nowhere = (): boolean => false

test('the body arrives whole, and of the answer the status alone comes back', async (t) => {
  const bodies: string[] = []
  const { port } = await startReceiver(t, async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString('utf8'))
    response.writeHead(202).write('there is no end to this')
  })
  const answer = await post(`http://127.0.0.1:${port}/hooks?token=1`, anywhere)
  assert.deepEqual(answer, { status: 202, fault: null, text: '' })
  assert.deepEqual(bodies, ['{"a":"ä"}'])
})

test('an address that is not allowed is not connected to, by its number or by a name that leads there', async (t) => {
  const { port, requests } = await startReceiver(t, (_, response) => response.end())
  const asked: string[] = []
  const refuse = (address: string): boolean => {
    asked.push(address)
    return false
  }
  const spellings = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '[::ffff:127.0.0.1]',
    'localhost',
  ]
  for (const host of spellings) {
    const answer = await post(`http://${host}:${port}/`, refuse)
    assert.deepEqual(answer, { status: null, fault: 'address-not-allowed' }, host)
  }
  assert.equal(requests(), 0)
  assert.ok(asked.length >= spellings.length)
})

test('of a name’s addresses only those that are allowed are tried', async (t) => {
  const { port, requests } = await startReceiver(t, (_, response) => response.end())
  const answer = await post(`http://localhost:${port}/`, (address) => address === '127.0.0.1')
  assert.deepEqual(answer, { status: 200, fault: null, text: '' })
  assert.equal(requests(), 1)
})

test('a redirect is an answer like any other, and not followed', async (t) => {
  const { port, requests } = await startReceiver(t, (_, response) => {
    response.writeHead(307, { location: '/again' }).end()
  })
  assert.deepEqual(await post(`http://127.0.0.1:${port}/`, anywhere), {
    status: 307,
    fault: null,
    text: '',
  })
  assert.equal(requests(), 1)
})

test('faults have a word each, without one of the other side', async (t) => {
  const { port } = await startReceiver(t, (request) => void request.socket.destroy())
  const broken = { status: null, fault: 'connection-failed' }
  assert.deepEqual(await post(`http://127.0.0.1:${port}/`, anywhere), broken)
  const nobody = await post('http://nobody.invalid/', anywhere)
  assert.deepEqual(nobody, { status: null, fault: 'name-not-found' })
  const bare = await post(`https://127.0.0.1:${port}/`, anywhere)
  assert.equal(bare.status, null)
  const send = createPostOut({ mayConnect: anywhere, timeoutMs: 50 })
  const silent = await startReceiver(t, () => undefined)
  const { signal } = new AbortController()
  const url = `http://127.0.0.1:${silent.port}/`
  assert.deepEqual(await send({ url, headers: {}, body: '', signal }), {
    status: null,
    fault: 'timed-out',
  })
  assert.deepEqual(await post(`http://127.0.0.1:${port}/`, nowhere), {
    status: null,
    fault: 'address-not-allowed',
  })
})

test('the text of an answer comes back if it is wanted, and no longer than wanted', async (t) => {
  const { port } = await startReceiver(t, (request, response) => {
    if (request.url === '/slow') response.writeHead(200).write('{"never')
    else response.end('{"verdict": "accept"}')
  })
  const { signal } = new AbortController()
  const ask = (path: string, answerBytes: number, timeoutMs = 60_000): Promise<PostAnswer> => {
    const url = `http://127.0.0.1:${port}${path}`
    const send = createPostOut({ mayConnect: anywhere, timeoutMs })
    return send({ url, headers: {}, body: '', signal, answerBytes })
  }
  const text = '{"verdict": "accept"}'
  assert.deepEqual(await ask('/', 100), { status: 200, fault: null, text })
  assert.deepEqual(await ask('/', text.length - 1), { status: 200, fault: null, text: '' })
  assert.deepEqual(await ask('/slow', 100, 200), { status: null, fault: 'timed-out' })
})
