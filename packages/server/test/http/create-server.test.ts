import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { test } from 'node:test'
import { createBufferPool } from '../../src/http/buffer-pool.ts'
import { discardBody } from '../../src/http/discard-body.ts'
import { HttpFault } from '../../src/http/faults.ts'
import { HTTP_LIMITS } from '../../src/http/limits.ts'
import type { HttpLimits } from '../../src/http/limits.ts'
import { readBody } from '../../src/http/read-body.ts'
import { sendSource } from '../../src/http/send-body.ts'
import type { ByteSource } from '../../src/http/send-body.ts'
import { createDeadlines } from '../../src/http/deadlines.ts'
import type { Deadlines } from '../../src/http/deadlines.ts'
import { onlyOf, openClient, reply, withServer } from '../support/edge-server.ts'
import type { Handle } from '../support/edge-server.ts'

/** Reads the whole body and answers how many bytes it had. */
function countBody(deadlines: Deadlines, limits: HttpLimits): Handle {
  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    expectsContinue: boolean,
  ): Promise<void> {
    let count = 0
    try {
      for await (const chunk of readBody(
        { request, response, expectsContinue },
        deadlines,
        limits,
      )) {
        count += chunk.byteLength
      }
      reply(response, 200, `got ${count}`)
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error
      response.shouldKeepAlive = false
      reply(response, 408, error.code)
    }
  }
  return (request, response, waits) => {
    void answer(request, response, waits)
  }
}

test('a body is read whole, in one piece or in many', async () => {
  await withServer(countBody, async ({ port }) => {
    for (const size of [0, 1, 1000, 3_000_000]) {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'PUT',
        body: new Uint8Array(size),
      })
      assert.equal(await response.text(), `got ${size}`)
    }
  })
})

test('a body that stands still gets 408 and the connection ends', async () => {
  await withServer(countBody, async ({ port, deadlines, advance }) => {
    const client = openClient(port)
    client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc')
    // The reader is known to be waiting once the sweep finds it overdue.
    const sweeping = setInterval(() => {
      advance(31_000)
      deadlines.sweep()
    }, 5)
    const text = await client.end()
    clearInterval(sweeping)
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.match(text, /body-too-slow$/)
  })
})

test('headers that do not end get 408', async () => {
  await withServer(
    countBody,
    async ({ port }) => {
      const client = openClient(port)
      client.send('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
      assert.match(await client.end(), /^HTTP\/1\.1 408 /)
    },
    { headersTimeoutMs: 50, checkIntervalMs: 10 },
  )
})

test('headers beyond the limit get 431', async () => {
  await withServer(countBody, async ({ port }) => {
    const client = openClient(port)
    client.send(`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`)
    assert.match(await client.end(), /^HTTP\/1\.1 431 /)
  })
})

test('requests that two parsers could read differently get 400 and the connection ends', async () => {
  const smuggled = {
    'both lengths': 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'two lengths': 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
    'space before the colon': 'Content-Length : 4\r\n\r\nabcd',
    'a folded line': 'X-A: b\r\n c: d\r\n\r\n',
    'a bare line feed': 'X-A: b\nX-B: c\r\n\r\n',
    'an unknown transfer coding': 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    'no Host': null,
  }
  await withServer(countBody, async ({ port }) => {
    for (const [name, rest] of Object.entries(smuggled)) {
      const client = openClient(port)
      client.send(rest === null ? 'PUT / HTTP/1.1\r\n\r\n' : `PUT / HTTP/1.1\r\nHost: a\r\n${rest}`)
      client.send('GET /second HTTP/1.1\r\nHost: a\r\n\r\n')
      const text = await client.end()
      assert.match(text, /^HTTP\/1\.1 400 /, name)
      assert.equal(text.split('HTTP/1.1 ').length, 2, `${name}: one answer only`)
    }
  })
})

test('100 Continue comes when the body is read, and not before', async () => {
  await withServer(countBody, async ({ port }) => {
    const client = openClient(port)
    client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n')
    await client.until('HTTP/1.1 100 Continue\r\n\r\n')
    client.send('abc')
    await client.until('got 3')
    client.socket.destroy()
  })
})

test('whatever else is expected is taken for nothing', async () => {
  await withServer(countBody, async ({ port }) => {
    for (const expected of ['200', '', '200-ok, 100']) {
      const client = openClient(port)
      client.send(
        `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: ${expected}\r\n\r\nabc`,
      )
      assert.match(await client.until('got 3'), /^HTTP\/1\.1 200 OK/)
      client.socket.destroy()
    }
  })
})

test('a refused request never sees 100 Continue', async () => {
  await withServer(
    () => (_request, response) => {
      response.shouldKeepAlive = false
      reply(response, 403, 'no')
    },
    async ({ port }) => {
      const client = openClient(port)
      client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n')
      const text = await client.end()
      assert.match(text, /^HTTP\/1\.1 403 /)
      assert.doesNotMatch(text, /100 Continue/)
    },
  )
})

test('a client that leaves mid-body is told apart from one that is slow', async () => {
  const fault = Promise.withResolvers<unknown>()
  async function drain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const deadlines = createDeadlines({ now: () => 0 })
    const body = readBody({ request, response, expectsContinue: false }, deadlines, HTTP_LIMITS)
    try {
      for await (const chunk of body) assert.ok(chunk.byteLength > 0)
    } catch (error) {
      fault.resolve(error)
    }
  }
  await withServer(
    () => (request, response) => {
      void drain(request, response)
    },
    async ({ port }) => {
      const client = openClient(port)
      client.socket.write('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc', () => {
        client.socket.destroy()
      })
      const error = await fault.promise
      assert.ok(error instanceof HttpFault)
      assert.equal(error.code, 'client-gone')
    },
  )
})

test('a refused upload can read its answer, and is cut off when it does not stop', async () => {
  await withServer(
    (deadlines, limits) => (request, response) => {
      reply(response, 403, 'refused')
      discardBody(request, deadlines, limits)
    },
    async ({ port }) => {
      const client = openClient(port)
      client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde')
      await client.until('refused')
      client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n')
      const flood = Buffer.alloc(64 * 1024)
      while (!client.socket.destroyed) {
        await new Promise((resolve) => client.socket.write(flood, resolve))
      }
      assert.equal((await client.end()).split('refused').length, 3)
    },
    { maxDiscardBytes: 1024 * 1024 },
  )
})

function sourceOf(bytes: Uint8Array, failAfter = Infinity): ByteSource & { closed: number } {
  let at = 0
  return {
    closed: 0,
    async readInto(buffer) {
      if (at >= failAfter) throw new Error('the disk is gone')
      const piece = bytes.subarray(at, at + buffer.byteLength)
      buffer.set(piece)
      at += piece.byteLength
      return Promise.resolve(piece.byteLength)
    },
    async close() {
      this.closed += 1
      await Promise.resolve()
    },
  }
}

test('a large body arrives whole through two reused buffers', async () => {
  const bytes = Buffer.alloc(1_000_003)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 7919) % 251
  const source = sourceOf(bytes)
  const buffers = createBufferPool(2, onlyOf(10_000))
  await withServer(
    () => (_request, response) => {
      response.writeHead(200, ['Content-Length', String(bytes.length)])
      void sendSource(response, source, bytes.length, buffers)
    },
    async ({ port }) => {
      const response = await fetch(`http://127.0.0.1:${port}/`)
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes)
      assert.equal(source.closed, 1)
    },
  )
})

test('a source that fails or ends early never looks complete, and is closed', async () => {
  const bytes = Buffer.alloc(100_000)
  for (const source of [sourceOf(bytes, 50_000), sourceOf(bytes.subarray(0, 60_000))]) {
    const failure = Promise.withResolvers<Error>()
    await withServer(
      () => (_request, response) => {
        response.writeHead(200, ['Content-Length', String(bytes.length)])
        const buffers = createBufferPool(2, onlyOf(10_000))
        sendSource(response, source, bytes.length, buffers).catch((error: Error) => {
          failure.resolve(error)
          response.destroy()
        })
      },
      async ({ port }) => {
        const response = await fetch(`http://127.0.0.1:${port}/`)
        await assert.rejects(response.arrayBuffer())
        assert.match(
          (await failure.promise).message,
          /the disk is gone|ended after 60000 of 100000/,
        )
        assert.equal(source.closed, 1)
      },
    )
  }
})

test('a reader that takes nothing is given up, and its buffers come back', async () => {
  const bytes = Buffer.alloc(16 * 1024 * 1024)
  const source = sourceOf(bytes)
  const failure = Promise.withResolvers<unknown>()
  await withServer(
    () => (_request, response) => {
      response.writeHead(200, ['Content-Length', String(bytes.length)])
      const buffers = createBufferPool(2, onlyOf(1024 * 1024))
      sendSource(response, source, bytes.length, buffers).catch(failure.resolve)
    },
    async ({ port, deadlines, advance }) => {
      const client = openClient(port)
      client.socket.pause()
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      const sweeping = setInterval(() => {
        advance(400)
        deadlines.sweep()
      }, 5)
      const fault = await failure.promise
      clearInterval(sweeping)
      assert.ok(fault instanceof HttpFault)
      assert.equal(source.closed, 1)
      client.socket.destroy()
    },
  )
})

test('a client that ends its side behind its requests gets every answer, and then the end', async () => {
  await withServer(countBody, async ({ port }) => {
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    client.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(40))
    const text = await readText(client)
    client.destroy()
    assert.equal(text.split('got 0').length - 1, 40)
  })
})

test('a stop lets the request in flight finish, and refuses new connections', async () => {
  const release = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  async function answer(response: ServerResponse): Promise<void> {
    entered.resolve()
    await release.promise
    reply(response, 200, 'finished')
  }
  await withServer(
    () => (_request, response) => {
      void answer(response)
    },
    async ({ port, http }) => {
      const client = openClient(port)
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await entered.promise
      const closing = http.close()
      assert.equal(http.isStopping(), true)
      await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
      release.resolve()
      assert.match(await client.end(), /finished$/)
      await closing
    },
  )
})

test('a stop does not wait for ever', async () => {
  const entered = Promise.withResolvers<void>()
  await withServer(
    () => () => {
      entered.resolve()
    },
    async ({ port, http }) => {
      const client = openClient(port)
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await entered.promise
      await http.close()
      assert.equal(await client.end(), '')
    },
    { stopTimeoutMs: 50 },
  )
})
