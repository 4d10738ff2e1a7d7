/**
 * The node:http server with its limits and its end. Who answers is passed in; here is only what holds for every
 * request: header and body timeouts, sizes, keep-alive, `Expect`, a graceful stop.
 */
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createConnections } from './connections.ts'
import type { Connections, HandleRequest } from './connections.ts'
import type { HttpLimits } from './limits.ts'
import { refuseBytes } from './refuse-bytes.ts'
import type { Deadlines } from './deadlines.ts'

export interface HttpServerOptions {
  readonly limits: HttpLimits
  readonly deadlines: Deadlines
  readonly handle: HandleRequest
}

export interface ListenOptions {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** Several processes on one port. */
  readonly reusePort?: boolean
}

export interface HttpServer {
  readonly server: Server
  listen(options: ListenOptions): Promise<{ readonly host: string; readonly port: number }>
  /** True from the moment `close` was called: answers must then carry `Connection: close`. */
  isStopping(): boolean
  /**
   * Stops accepting, lets requests in flight finish, cuts what is left after `stopTimeoutMs`, and resolves once
   * everything that was begun for them is over, what the cut ones clear away included.
   */
  close(): Promise<void>
}

const STOP_CHECK_MS = 20

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { limits, deadlines } = options
  const server = createServer(serverSettings(limits))
  const connections = createConnections(options)
  let isStopping = false
  let stopped: Promise<void> | null = null

  server.on('connection', (socket) => connections.open(socket))
  server.on('request', (request, response) =>
    connections.accept({ request, response, expectsContinue: false }),
  )
  server.on('checkContinue', (request, response) =>
    connections.accept({ request, response, expectsContinue: true }),
  )
  // Whatever else is expected is taken for nothing, as S3 does: 417 may be answered, and need not [RFC9110 10.1.1].
  server.on('checkExpectation', (request, response) =>
    connections.accept({ request, response, expectsContinue: false }),
  )
  server.on('clientError', (error, socket) =>
    refuseBytes(error, socket, connections.latest(socket)),
  )
  server.maxConnections = limits.maxConnections
  // Whoever has said all there is to say may end their side and wait for the answer: node:http has no option for it.
  Object.assign(server, { httpAllowHalfOpen: true })
  const sweeper = setInterval(() => deadlines.sweep(), limits.checkIntervalMs)
  sweeper.unref()

  return {
    server,
    listen: (listenOptions) => listen(server, listenOptions),
    isStopping: () => isStopping,
    close: async () => {
      isStopping = true
      connections.stop()
      stopped ??= stop(server, connections, limits)
      await stopped
      clearInterval(sweeper)
    },
  }
}

function serverSettings(limits: HttpLimits): Parameters<typeof createServer>[0] & object {
  return {
    headersTimeout: limits.headersTimeoutMs,
    // A large upload may take hours; its pace is watched instead (body-pace.ts).
    requestTimeout: 0,
    connectionsCheckingInterval: limits.checkIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    // Requests that two parsers could read differently are refused, never repaired.
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
    // Most requests are a GET: no stream is set up for a body that cannot come.
    optimizeEmptyRequests: true,
  }
}

async function listen(
  server: Server,
  options: ListenOptions,
): Promise<{ readonly host: string; readonly port: number }> {
  const ready = Promise.withResolvers<void>()
  server.once('error', ready.reject)
  server.listen({ ...options, backlog: 1024 }, ready.resolve)
  await ready.promise
  server.off('error', ready.reject)
  const { address, port } = server.address() as AddressInfo
  return { host: address, port }
}

async function stop(server: Server, connections: Connections, limits: HttpLimits): Promise<void> {
  const closed = Promise.withResolvers<void>()
  server.close(() => closed.resolve())
  // A connection that was busy when the stop began turns idle later; nobody else closes it.
  const idle = setInterval(() => server.closeIdleConnections(), STOP_CHECK_MS)
  const limit = setTimeout(() => server.closeAllConnections(), limits.stopTimeoutMs)
  await closed.promise
  clearInterval(idle)
  clearTimeout(limit)
  await within(limits.settleTimeoutMs, connections.settled())
}

/** Resolves with `work`, or without it when it takes longer. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const tooLong = Promise.withResolvers<void>()
  const timer = setTimeout(tooLong.resolve, ms)
  await Promise.race([work, tooLong.promise])
  clearTimeout(timer)
}
