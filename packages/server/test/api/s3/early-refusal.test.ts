import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const CHUNK = Buffer.alloc(64 * 1024, 'x')

interface Sent {
  /** Everything that came back. */
  readonly text: string
  /** What the system said of the connection; `null` if it ended as it should. */
  readonly fault: string | null
}

/** Resolves with the first of these events, and never rejects: what an error says is kept elsewhere. */
async function first(socket: Socket, ...events: readonly string[]): Promise<void> {
  if (socket.destroyed) return
  const seen = Promise.withResolvers<void>()
  for (const event of events) socket.on(event, seen.resolve)
  await seen.promise
  for (const event of events) socket.off(event, seen.resolve)
}

/** Sends a head and a whole body, and only then looks for an answer: as http.client of Python, and all that is built on it, does. */
async function sendBlindly(port: number, head: string, size: number): Promise<Sent> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let fault: string | null = null
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code ?? error.message
  })
  await once(socket, 'connect')
  socket.pause()
  socket.write(head)
  for (let sent = 0; sent < size && !socket.destroyed; sent += CHUNK.length) {
    const piece = CHUNK.subarray(0, Math.min(CHUNK.length, size - sent))
    if (!socket.write(piece)) await first(socket, 'drain', 'close')
  }
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  const ended = first(socket, 'end', 'close')
  socket.resume()
  await ended
  socket.destroy()
  return { text, fault }
}

function headOf(server: S3Server, url: string, lines: readonly string[]): string {
  const target = url.slice(server.origin.length)
  return `${[`PUT ${target} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, ...lines].join('\r\n')}\r\n\r\n`
}

test('whoever sends the whole of a refused body finds the answer, and no broken connection', async () => {
  await withS3(async (server) => {
    const { origin, port, presign } = server
    const size = 20 * 1024 * 1024
    const expired = presign('PUT', 'acme/a', { now: new Date(server.core.clock.now() - 3_600_000) })
    const urls = [`${origin}/acme/a`, expired, presign('PUT', 'none/a')]
    for (const url of urls) {
      for (const connection of ['keep-alive', 'close']) {
        const lines = [`Content-Length: ${size}`, `Connection: ${connection}`]
        const head = headOf(server, url, lines)
        const { text, fault } = await (connection === 'close'
          ? sendBlindly(port, head, size)
          : sendAndFollow(server, head, size))
        assert.match(text, /^HTTP\/1\.1 40[34] .*<Code>/s)
        assert.equal(fault, null)
      }
    }
  })
})

/** On a connection that is kept, which a second request ends. */
async function sendAndFollow(server: S3Server, head: string, size: number): Promise<Sent> {
  const last = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  let fault: string | null = null
  let text = ''
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fault = error.code ?? error.message
  })
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.write(head)
  socket.write(Buffer.alloc(size, 'x'))
  socket.write(last)
  await once(socket, 'close')
  assert.equal(text.split('HTTP/1.1 ').length, 3, 'the connection was not kept')
  return { text, fault }
}

test('what is read of a refused body is bounded, in bytes and in time', async () => {
  await withS3(
    async (server) => {
      const head = (length: number): string =>
        headOf(server, `${server.origin}/acme/a`, [`Content-Length: ${length}`])
      const large = await sendBlindly(server.port, head(200_000_000), 200_000_000)
      assert.notEqual(large.fault, null)
      const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
      socket.on('error', () => undefined)
      socket.write(head(100_000))
      await first(socket, 'data')
      const ended = first(socket, 'end', 'close')
      server.core.clock.advance(1000)
      await ended
      socket.destroy()
    },
    { limits: { maxDiscardBytes: 1024 * 1024, maxDiscardMs: 200, checkIntervalMs: 20 } },
  )
})

test('a refusal ends the connection where the body may come or not, or is longer than is read', async () => {
  await withS3(
    async (server) => {
      const url = `${server.origin}/acme/a`
      const cases: readonly (readonly [readonly string[], boolean])[] = [
        [['Content-Length: 5', 'Expect: 100-continue'], true],
        [['Content-Length: 2000000'], true],
        [['Transfer-Encoding: chunked'], true],
        [['Content-Length: 5'], false],
      ]
      for (const [lines, ends] of cases) {
        const socket = connect({ port: server.port, host: '127.0.0.1' })
        socket.write(headOf(server, url, lines))
        const [chunk] = (await once(socket, 'data')) as [Buffer]
        assert.match(chunk.toString('latin1'), /^HTTP\/1\.1 403 /)
        assert.equal(/\r\nConnection: close\r\n/i.test(chunk.toString('latin1')), ends, lines[0])
        socket.destroy()
      }
    },
    { limits: { maxDiscardBytes: 1024 * 1024 } },
  )
})

test('what follows on a connection that was ended is not looked at', async () => {
  await withS3(async (server) => {
    const { core, presign } = server
    const next = headOf(server, presign('PUT', 'acme/next'), ['Content-Length: 1'])
    const text = await server.raw(
      `${headOf(server, `${server.origin}/acme/a`, ['Content-Length: 5', 'Connection: close'])}12345${next}x`,
    )
    assert.equal(text.split('HTTP/1.1 ').length, 2)
    assert.equal(await core.files.find({ bucket: 'acme', key: 'next' }), null)
  })
})
