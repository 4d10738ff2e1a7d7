/**
 * All connections of the server, and what is under way on them. A client may send the next request before the last is answered
 * [RFC9112 9.3.2]; one that sends thousands must not get thousands worked on, or read into memory, at once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { openConnection } from './connection.ts'
import type { Call, Connection, ConnectionRules } from './connection.ts'
import type { HttpLimits } from './limits.ts'
import type { Deadlines } from './deadlines.ts'
import { limitWrites } from './write-limit.ts'

/**
 * `expectsContinue`: the client waits for `100 Continue`, which reading the body must send. Resolves once nothing of the
 * request is under way any more, the clearing away after a failure included; never rejects.
 */
export type HandleRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
) => Promise<void>

export interface Connections {
  open(socket: Socket): Connection
  /** Hands the request to `handle` when its turn has come. */
  accept(call: Call): void
  /** The last response that is due on the connection. */
  latest(socket: object): ServerResponse | undefined
  /** From here on every answer says `Connection: close`. */
  stop(): void
  /** Resolves once no request is being handled. */
  settled(): Promise<void>
}

export interface ConnectionsOptions {
  readonly limits: HttpLimits
  readonly deadlines: Deadlines
  readonly handle: HandleRequest
}

export function createConnections({ limits, deadlines, handle }: ConnectionsOptions): Connections {
  const connections = new WeakMap<object, Connection>()
  const running = createRunning()
  let isStopping = false

  const rules: ConnectionRules = {
    maxUnanswered: limits.maxUnanswered,
    waiting: createRoom(limits.maxWaitingRequests),
    begin: ({ request, response, expectsContinue }) => {
      if (isStopping) response.shouldKeepAlive = false
      running.add(handle(request, response, expectsContinue))
    },
  }

  function open(socket: Socket): Connection {
    const connection = openConnection(socket, rules)
    connections.set(socket, connection)
    limitWrites(socket, deadlines, limits)
    return connection
  }

  return {
    open,
    accept: (call) => {
      const { socket } = call.request
      const connection = connections.get(socket) ?? open(socket)
      connection.accept(call)
    },
    latest: (socket) => connections.get(socket)?.latest(),
    stop: () => {
      isStopping = true
    },
    settled: () => running.settled(),
  }
}

function createRoom(size: number): ConnectionRules['waiting'] {
  let taken = 0
  return {
    take: () => {
      if (taken >= size) return false
      taken += 1
      return true
    },
    giveBack: (count) => {
      taken -= count
    },
  }
}

interface Running {
  add(work: Promise<void>): void
  settled(): Promise<void>
}

function createRunning(): Running {
  const none = Promise.withResolvers<void>()
  let count = 0
  let isAwaited = false

  function end(): void {
    count -= 1
    if (isAwaited && count === 0) none.resolve()
  }

  return {
    add: (work) => {
      count += 1
      void work.then(end, end)
    },
    settled: async () => {
      isAwaited = true
      if (count > 0) await none.promise
    },
  }
}
