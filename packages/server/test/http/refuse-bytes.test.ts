import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { createHttpServer } from '../../src/http/create-server.ts'
import { discardBody } from '../../src/http/discard-body.ts'
import { HTTP_LIMITS } from '../../src/http/limits.ts'
import { createDeadlines } from '../../src/http/deadlines.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

const BROKEN = 'PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello'
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** Sends the first part, the others each when an answer has begun, and resolves to everything that came. */
async function exchange(handle: Handle, [first = '', ...others]: string[]): Promise<string> {
  const deadlines = createDeadlines({ now: () => 0 })
  const http = createHttpServer({
    limits: HTTP_LIMITS,
    deadlines,
    handle: async (request, response) => {
      handle(request, response)
    },
  })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  const closed = Promise.withResolvers<void>()
  let text = ''
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    const next = others.shift()
    if (next !== undefined) socket.write(next)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => closed.resolve())
  socket.write(first)
  await closed.promise
  await http.close()
  return text
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(403, ['Content-Length', '0'])
  response.end()
  discardBody(request, createDeadlines({ now: () => 0 }), HTTP_LIMITS)
}

function countAnswers(text: string): number {
  return text.split('HTTP/1.1 ').length - 1
}

test('a body that turns out broken after its request was answered gets no second answer', async () => {
  for (const parts of [[`${BROKEN}X`], [BROKEN, 'X']]) {
    const text = await exchange(refuse, parts)
    assert.match(text, /^HTTP\/1\.1 403 /)
    assert.equal(countAnswers(text), 1)
  }
})

test('a broken body whose request has no answer yet gets 400', async () => {
  const text = await exchange((request) => request.resume(), [`${BROKEN}X`])
  assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/)
})

test('what is no request gets 400 after the answers that were due before', async () => {
  const text = await exchange(refuse, [GET, 'nonsense\r\n\r\n'])
  assert.match(text, /^HTTP\/1\.1 403 /)
  assert.equal(countAnswers(text), 2)
  assert.match(text, /HTTP\/1\.1 400 Bad Request\r\n/)
})

test('nothing is written into the middle of an answer', async () => {
  const halfAnswered: Handle = (_request, response) => {
    response.writeHead(200, ['Content-Length', '100'])
    response.write('half')
  }
  const text = await exchange(halfAnswered, [GET, 'nonsense\r\n\r\n'])
  assert.ok(text.endsWith('half'))
  assert.equal(countAnswers(text), 1)
  // The broken one waits behind the half one, and has no answer of its own.
  const behind = await exchange(halfAnswered, [GET, `${BROKEN}X`])
  assert.ok(behind.endsWith('half'))
  assert.equal(countAnswers(behind), 1)
})
