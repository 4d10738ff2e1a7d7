import assert from 'node:assert/strict'
import type { Server, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createBufferPool } from '../../src/http/buffer-pool.ts'
import { HttpFault } from '../../src/http/faults.ts'
import { HTTP_LIMITS } from '../../src/http/limits.ts'
import { readBody } from '../../src/http/read-body.ts'
import { sendSource } from '../../src/http/send-body.ts'
import type { ByteSource } from '../../src/http/send-body.ts'
import { onlyOf, openClient, reply, withServer } from '../support/edge-server.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const LAST = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

test('at most 32 requests of a connection are worked on, and no more is read until they are answered', async () => {
  const open: ServerResponse[] = []
  let most = 0
  let begun = 0
  await withServer(
    () => (_request, response) => {
      begun += 1
      open.push(response)
      most = Math.max(most, open.length)
    },
    async ({ port, http }) => {
      const client = openClient(port)
      client.send(GET.repeat(200_000))
      while (open.length < 32) await turn()
      const socket = open[0]?.socket
      const before = socket?.bytesRead
      for (let round = 0; round < 200; round += 1) await turn()
      assert.equal(socket?.bytesRead, before)
      assert.ok((before ?? Infinity) <= 256 * 1024, `${before} bytes were read`)
      for (let round = 0; round < 1000; round += 1) {
        const response = open.shift()
        if (response !== undefined) reply(response, 200, '')
        await turn()
      }
      assert.ok(begun > 500)
      assert.equal(most, 32)
      client.socket.destroy()
      http.server.closeAllConnections()
    },
  )
})

test('a thousand requests sent at once are all answered, in their order', async () => {
  let count = 0
  await withServer(
    () => (_request, response) => {
      const number = count
      count += 1
      setImmediate(() => reply(response, 200, `<${number}>`))
    },
    async ({ port }) => {
      const client = openClient(port)
      client.send(GET.repeat(1000) + LAST)
      const numbers = [...(await client.end()).matchAll(/<(\d+)>/g)].map(([, number]) =>
        Number(number),
      )
      assert.deepEqual(
        numbers,
        Array.from({ length: 1001 }, (_, index) => index),
      )
    },
  )
})

test('a body behind 31 unanswered requests is read once those before it are answered', async () => {
  const open: ServerResponse[] = []
  await withServer(
    (deadlines) => async (request, response) => {
      if (request.method === 'GET') {
        open.push(response)
        return
      }
      let count = 0
      for await (const chunk of readBody(
        { request, response, expectsContinue: false },
        deadlines,
        HTTP_LIMITS,
      )) {
        count += chunk.byteLength
      }
      response.shouldKeepAlive = false
      reply(response, 200, `got ${count}`)
    },
    async ({ port }) => {
      const client = openClient(port)
      const body = 'b'.repeat(1_000_000)
      client.send(
        `${GET.repeat(31)}PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`,
      )
      client.send(body)
      while (open.length < 31) await turn()
      for (const response of open) reply(response, 200, '')
      assert.match(await client.end(), /got 1000000$/)
    },
  )
})

test('when too many requests wait in all, their connection is cut and the next one is served', async () => {
  let isFrozen = true
  await withServer(
    () => (_request, response) => {
      if (!isFrozen) reply(response, 200, 'served')
    },
    async ({ port }) => {
      const flood = openClient(port)
      flood.send(GET.repeat(500))
      assert.equal(await flood.end(), '')
      isFrozen = false
      const client = openClient(port)
      client.send(GET.repeat(99) + LAST)
      assert.equal((await client.end()).split('served').length, 101)
    },
    { maxWaitingRequests: 100 },
  )
})

test('a download whose turn never came lets go of its file when the connection ends', async () => {
  const closed: ByteSource[] = []
  const faults: unknown[] = []
  function endless(): ByteSource {
    const source: ByteSource = {
      readInto: (buffer) => Promise.resolve(buffer.byteLength),
      close: async () => {
        closed.push(source)
      },
    }
    return source
  }
  const buffers = createBufferPool(2, onlyOf(64 * 1024))
  await withServer(
    () => async (_request, response) => {
      response.writeHead(200, ['Content-Length', '1000000000'])
      try {
        await sendSource(response, endless(), 1_000_000_000, buffers)
      } catch (error) {
        faults.push(error)
      }
    },
    async ({ port }) => {
      const client = openClient(port)
      client.socket.pause()
      client.send(GET.repeat(10))
      client.socket.resume()
      await client.until('HTTP/1.1 200')
      client.socket.destroy()
      while (closed.length < 10) await turn()
      assert.ok(faults.every((fault) => fault instanceof HttpFault && fault.code === 'client-gone'))
    },
  )
})

test('a stop resolves only when what was cut off has cleared away behind itself', async () => {
  const cleared = Promise.withResolvers<void>()
  let isCleared = false
  await withServer(
    (deadlines) => async (request, response) => {
      try {
        for await (const chunk of readBody(
          { request, response, expectsContinue: false },
          deadlines,
          HTTP_LIMITS,
        )) {
          assert.ok(chunk.byteLength > 0)
        }
      } catch {
        await cleared.promise
        isCleared = true
      }
    },
    async ({ port, http }) => {
      const client = openClient(port)
      client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
      while (http.server.listening && (await countConnections(http.server)) === 0) await turn()
      const closing = http.close()
      await client.end()
      for (let round = 0; round < 50; round += 1) await turn()
      cleared.resolve()
      await closing
      assert.equal(isCleared, true)
    },
    { stopTimeoutMs: 50, settleTimeoutMs: 60_000 },
  )
})

function countConnections(server: Server): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  return promise
}
