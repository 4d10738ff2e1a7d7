/**
 * What the server keeps of each connection: which requests on it are unanswered, and which wait for their turn. A client may
 * send the next request before the last is answered [RFC9112 9.3.2]; one that sends thousands must not get thousands
 * worked on, or read into memory, at once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpLimits } from './limits.ts'
import type { Watch } from './watch.ts'
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
  open(socket: Socket): void
  /** Hands the request to `handle`, at once or when enough of those before it are answered. */
  accept(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void
  /** The last response begun on the connection. */
  latest(socket: object): ServerResponse | undefined
  /** From here on every answer says `Connection: close`. */
  stop(): void
  /** Resolves once no request is being handled. */
  settled(): Promise<void>
}

interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly expectsContinue: boolean
}

interface Connection {
  readonly socket: Socket
  /** Handed to `handle`, and not yet answered in full. */
  readonly unanswered: Set<ServerResponse>
  /** Parsed before reading stopped: one read of the socket may bring many. */
  waiting: Call[]
  /** Nothing is read until enough is answered. */
  isHeld: boolean
  latest: ServerResponse | undefined
}

export interface ConnectionsOptions {
  readonly limits: HttpLimits
  readonly watch: Watch
  readonly handle: HandleRequest
}

export function createConnections({ limits, watch, handle }: ConnectionsOptions): Connections {
  const connections = new WeakMap<object, Connection>()
  const running = createRunning()
  let waitingInAll = 0
  let isStopping = false

  function open(socket: Socket): Connection {
    const connection = openConnection(socket)
    connections.set(socket, connection)
    socket.once('close', () => {
      waitingInAll -= connection.waiting.length
      connection.waiting = []
      abandon(connection)
    })
    limitWrites(socket, watch, limits)
    return connection
  }

  function isFull({ unanswered }: Connection): boolean {
    return unanswered.size >= limits.maxUnanswered
  }

  function accept(request: IncomingMessage, response: ServerResponse, waits: boolean): void {
    const { socket } = request
    // Requests of one read still come after the connection was cut.
    if (socket.destroyed) return
    const connection = connections.get(socket) ?? open(socket)
    const call = { request, response, expectsContinue: waits }
    connection.latest = response
    if (!isFull(connection)) {
      begin(connection, call)
    } else if (waitingInAll < limits.maxWaitingRequests) {
      waitingInAll += 1
      connection.waiting.push(call)
    } else {
      socket.destroy()
    }
  }

  function begin(connection: Connection, { request, response, expectsContinue }: Call): void {
    const { socket, unanswered } = connection
    if (isStopping) response.shouldKeepAlive = false
    unanswered.add(response)
    response.once('close', () => {
      unanswered.delete(response)
      if (!socket.destroyed) proceed(connection)
    })
    if (isFull(connection)) {
      connection.isHeld = true
      socket.pause()
    }
    running.add(handle(request, response, expectsContinue))
  }

  function proceed(connection: Connection): void {
    const next = connection.waiting.shift()
    if (next !== undefined) {
      waitingInAll -= 1
      begin(connection, next)
    } else if (connection.isHeld) {
      connection.isHeld = false
      connection.socket.resume()
    }
  }

  return {
    open,
    accept,
    latest: (socket) => connections.get(socket)?.latest,
    stop: () => {
      isStopping = true
    },
    settled: () => running.settled(),
  }
}

function openConnection(socket: Socket): Connection {
  const connection: Connection = {
    socket,
    unanswered: new Set(),
    waiting: [],
    isHeld: false,
    latest: undefined,
  }
  // Node resumes a socket whenever somebody reads the body of any request on it.
  socket.on('resume', () => {
    if (connection.isHeld) socket.pause()
  })
  return connection
}

/** An answer whose turn on the socket never came is told by nobody else that it never will. */
function abandon({ unanswered }: Connection): void {
  for (const response of unanswered) {
    if (response.socket !== null || response.destroyed) continue
    response.destroy()
    response.emit('close')
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

  async function follow(work: Promise<void>): Promise<void> {
    count += 1
    try {
      await work
    } finally {
      count -= 1
      if (isAwaited && count === 0) none.resolve()
    }
  }
  return {
    add: (work) => {
      void follow(work)
    },
    settled: async () => {
      isAwaited = true
      if (count > 0) await none.promise
    },
  }
}
