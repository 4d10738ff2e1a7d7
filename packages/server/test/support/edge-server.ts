/** A node:http server with the edge's rules, a clock that only moves when told, and a client that speaks bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { BufferSizes } from '../../src/http/buffer-pool.ts'
import { createHttpServer } from '../../src/http/create-server.ts'
import type { HttpServer } from '../../src/http/create-server.ts'
import { HTTP_LIMITS } from '../../src/http/limits.ts'
import type { HttpLimits } from '../../src/http/limits.ts'
import { createDeadlines } from '../../src/http/deadlines.ts'
import type { Deadlines } from '../../src/http/deadlines.ts'

/** Buffers of one size. */
export function onlyOf(bytes: number): BufferSizes {
  return { largest: { bytes, atMost: 8 }, middle: [], smallestBytes: bytes }
}

/** As the server's own, but one that answers at once need not say when it is over. */
export type Handle = (
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
) => unknown

export interface Running {
  readonly port: number
  readonly http: HttpServer
  readonly deadlines: Deadlines
  readonly advance: (ms: number) => void
}

/** A server whose clock only moves when told. */
export async function withServer(
  makeHandle: (deadlines: Deadlines, limits: HttpLimits) => Handle,
  use: (running: Running) => Promise<void>,
  changes: Partial<HttpLimits> = {},
): Promise<void> {
  const limits = { ...HTTP_LIMITS, ...changes }
  let nowMs = 0
  const deadlines = createDeadlines({ now: () => nowMs })
  const handle = makeHandle(deadlines, limits)
  const http = createHttpServer({
    limits,
    deadlines,
    handle: async (request, response, waits) => {
      await handle(request, response, waits)
    },
  })
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 })
  try {
    await use({
      port,
      http,
      deadlines,
      advance: (ms) => {
        nowMs += ms
      },
    })
  } finally {
    http.server.closeAllConnections()
    await http.close()
  }
}

export interface RawClient {
  readonly socket: Socket
  send(text: string): void
  /** Resolves once what came so far contains `text`. */
  until(text: string): Promise<string>
  /** Everything, once the server closed the connection. */
  end(): Promise<string>
}

export function openClient(port: number): RawClient {
  const socket = connect({ port, host: '127.0.0.1' })
  let seen = ''
  let check = (): void => undefined
  socket.on('data', (chunk) => {
    seen += chunk.toString('latin1')
    check()
  })
  socket.on('error', () => undefined)
  const closed = Promise.withResolvers<void>()
  socket.on('close', () => {
    closed.resolve()
    check()
  })
  return {
    socket,
    send: (text) => {
      socket.write(text)
    },
    until: async (text) => {
      const found = Promise.withResolvers<string>()
      check = () => {
        if (seen.includes(text)) found.resolve(seen)
        else if (socket.destroyed) found.reject(new Error(`closed before ${text}: ${seen}`))
      }
      check()
      return found.promise
    },
    end: async () => {
      await closed.promise
      return seen
    },
  }
}

export function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, ['Content-Length', String(Buffer.byteLength(text))])
  response.end(text)
}
