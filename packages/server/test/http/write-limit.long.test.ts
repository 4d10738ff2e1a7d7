import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openClient, reply, withServer } from '../support/edge-server.ts'
import type { Running } from '../support/edge-server.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** Sends requests and reads nothing; resolves when the server has cut the connection. */
async function neverRead(
  { port, http, deadlines, advance }: Running,
  count: number,
): Promise<void> {
  const cut = Promise.withResolvers<void>()
  http.server.once('connection', (socket) => socket.once('close', () => cut.resolve()))
  const client = openClient(port)
  client.socket.pause()
  client.send(GET.repeat(count))
  const sweeping = setInterval(() => {
    advance(5000)
    deadlines.sweep()
  }, 5)
  await cut.promise
  clearInterval(sweeping)
  client.socket.destroy()
}

test('every answer has a write limit: a reader of small answers who never reads is cut', async () => {
  const text = 'x'.repeat(60_000)
  await withServer(
    () => (_request, response) => reply(response, 200, text),
    (running) => neverRead(running, 1000),
  )
})

test('every answer has a write limit: one large answer written at once, too', async () => {
  const text = 'x'.repeat(32 * 1024 * 1024)
  await withServer(
    () => (_request, response) => reply(response, 200, text),
    (running) => neverRead(running, 1),
    // So much text would have half an hour at the pace that is allowed.
    { minAnswerBytesPerSecond: 1024 * 1024 },
  )
})

test('every answer has a write limit: error pages as well', async () => {
  const page = 'x'.repeat(200_000)
  await withServer(
    () => (_request, response) => {
      reply(response, 403, page)
    },
    (running) => neverRead(running, 500),
  )
})

test('a slow reader who goes on reading gets everything, however long it takes', async () => {
  const text = 'x'.repeat(60_000)
  await withServer(
    () => (_request, response) => reply(response, 200, text),
    async ({ port, deadlines, advance }) => {
      const client = openClient(port)
      client.send(GET.repeat(199) + GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
      let read = 0
      const reading = setInterval(() => {
        if (client.socket.bytesRead === read) return
        read = client.socket.bytesRead
        // Half a minute of the server's time passes between any two looks.
        advance(30_000)
        deadlines.sweep()
      }, 1)
      const seen = await client.end()
      clearInterval(reading)
      assert.equal(seen.split('HTTP/1.1 200').length, 201)
    },
  )
})

test('a connection that waits for a slow answer, not for its client, is left alone', async () => {
  const release = Promise.withResolvers<void>()
  await withServer(
    () => async (_request, response) => {
      await release.promise
      reply(response, 200, 'late')
    },
    async ({ port, deadlines, advance }) => {
      const client = openClient(port)
      client.send(GET)
      for (let round = 0; round < 20; round += 1) {
        advance(60_000)
        deadlines.sweep()
        await new Promise((resolve) => setImmediate(resolve))
      }
      release.resolve()
      await client.until('late')
      client.socket.destroy()
    },
  )
})
