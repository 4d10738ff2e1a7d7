/** Streams of events that break off, and alerts as a server tells them. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { parseMessages } from '../../src/remote/events/parse-messages.ts'
import { run } from '../run-cli.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function start(t: TestContext, answer: Answer): Promise<Record<string, string>> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { HALLPASS_URL: `http://127.0.0.1:${address.port}`, HALLPASS_API_KEY: 'hp_key' }
}

function event(kind: string): string {
  return JSON.stringify({ at: '2026-03-14T09:26:53.000Z', kind, count: 1, path: 'a/b\u001b[2J' })
}

suite('hallpass events --follow', () => {
  test('goes on after a break behind what it has shown', async (t) => {
    const asked: (string | undefined)[] = []
    const env = await start(t, (request, response) => {
      asked.push(request.headers['last-event-id']?.toString())
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const number = asked.length
      response.write(
        `: here\n\nid: ${number}\nevent: x\ndata: ${event(`kind-${number}`)}\n\nid: 9\ndata: {`,
      )
      response.end()
    })
    const { exitCode, stdout, stderr } = await run(['events', '-f', '--limit', '2'], { env })
    assert.equal(exitCode, 0)
    assert.match(stdout, /^\S+  kind-1 .*\n\S+  kind-2 .*a\/b\?\[2J\n$/)
    assert.match(stderr, /^broke off \(the server ended it\); trying again\n$/)
    assert.deepEqual(asked, [undefined, '1'])
  })

  test('ends with what the server refuses, and does not try again', async (t) => {
    let asked = 0
    const env = await start(t, (_request, response) => {
      asked += 1
      if (asked === 1) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`id: 1\ndata: ${event('kind')}\n\n`)
        return
      }
      response.writeHead(401, { 'content-type': 'application/problem+json' })
      response.end('{"detail":"The key is over.","code":"api-key-invalid"}')
    })
    const { exitCode, stderr } = await run(['events', '-f'], { env })
    assert.equal(exitCode, 2)
    assert.match(stderr, /The key is over\./)
    assert.equal(asked, 2)
  })

  test('takes no page of another kind for a stream', async (t) => {
    const env = await start(t, (_request, response) => response.end('welcome'))
    const { exitCode, stderr } = await run(['events', '-f'], { env })
    assert.equal(exitCode, 3)
    assert.match(stderr, /sent no stream of events/)
  })
})

test('messages are read wherever the bytes are cut, with either end of line', async () => {
  const text = 'id: 1\r\ndata: {"a":\r\ndata: "ü"}\r\n\r\n: alive\n\ndata:2\n\nid: 3\ndata: cut off'
  const bytes = Buffer.from(text)
  for (let size = 1; size < 9; size += 1) {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
    const messages = []
    for await (const message of parseMessages(Readable.from(chunks))) messages.push(message)
    assert.deepEqual(messages, [
      { id: '1', data: '{"a":\n"ü"}' },
      { id: '', data: '2' },
    ])
  }
})

test('an alert is told with what it measured, and one that paused its link says how it goes on', async (t) => {
  const alert = {
    id: 'alert_1',
    rule: 'many-networks',
    subject: 'link_1',
    path: 'acme/a.txt',
    link: 'link_1',
    lastAt: '2026-03-14T09:26:53.000Z',
    times: 2,
    measured: 40,
    threshold: 30,
    paused: true,
  }
  const asked: string[] = []
  const env = await start(t, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const isList = request.method === 'GET'
    response.end(JSON.stringify(isList ? { alerts: [alert], nextCursor: null } : alert))
  })
  const list = await run(['alerts', 'list'], { env })
  assert.match(list.stdout, /^alert_1 +\S+ +many-networks +40\/30 +2 +yes +link_1 +acme\/a\.txt$/m)
  const closed = await run(['alerts', 'close', 'alert_1'], { env })
  assert.equal(closed.stdout, 'closed alert_1 (many-networks)\n')
  assert.match(closed.stderr, /'hallpass links resume link_1' lets it go on/)
  assert.deepEqual(asked, ['GET /v1/alerts?limit=1000&state=open', 'POST /v1/alerts/alert_1/close'])
})
