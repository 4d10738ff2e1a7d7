/** One connection: which requests on it are being answered, and which wait for their turn. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { hasUnread } from './discard-body.ts'

export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly expectsContinue: boolean
}

export interface Connection {
  /** Begins the call, at once or when enough of those before it are answered. */
  accept(call: Call): void
  /** The last response that is due on it. */
  latest(): ServerResponse | undefined
}

export interface ConnectionRules {
  /** How many calls are under way at a time. */
  readonly maxUnanswered: number
  /** Room for calls that wait, in all connections together. */
  readonly waiting: { take(): boolean; giveBack(count: number): void }
  readonly begin: (call: Call) => void
}

export function openConnection(socket: Socket, rules: ConnectionRules): Connection {
  const unanswered = new Set<ServerResponse>()
  // Parsed before reading stopped: one read of the socket may bring many.
  const waiting: Call[] = []
  let isHeld = false
  let isTurnDue = false
  let latest: ServerResponse | undefined

  function begin(call: Call): void {
    const { response } = call
    unanswered.add(response)
    // It comes once; `once` would cost every request a second listener around this one.
    response.on('close', () => {
      unanswered.delete(response)
      if (!socket.destroyed) proceed()
    })
    if (unanswered.size >= rules.maxUnanswered) {
      isHeld = true
      socket.pause()
    }
    rules.begin(call)
  }

  /**
   * One a turn of the event loop: an answer that the socket takes at once would otherwise bring on the next request, and that the
   * one after it, and nobody else would be served before the last.
   */
  function proceed(): void {
    if (waiting.length === 0) {
      if (!isHeld) return
      isHeld = false
      socket.resume()
    } else if (!isTurnDue) {
      isTurnDue = true
      setImmediate(takeTurn)
    }
  }

  function takeTurn(): void {
    isTurnDue = false
    if (socket.destroyed || socket.writableEnded || unanswered.size >= rules.maxUnanswered) return
    const next = waiting.shift()
    if (next === undefined) return
    rules.waiting.giveBack(1)
    begin(next)
    if (unanswered.size < rules.maxUnanswered) proceed()
  }

  lingerAtEnd(socket, () => latest?.req)

  // Node resumes a socket whenever somebody reads the body of any request on it.
  socket.on('resume', () => {
    if (isHeld) socket.pause()
  })
  socket.once('close', () => {
    rules.waiting.giveBack(waiting.length)
    waiting.length = 0
    abandon(unanswered)
  })

  return {
    accept: (call) => {
      // Requests of one read still come after the connection was cut, and others where only our side is closed.
      if (socket.destroyed || socket.writableEnded) return
      latest = call.response
      if (waiting.length === 0 && unanswered.size < rules.maxUnanswered) begin(call)
      else if (rules.waiting.take()) waiting.push(call)
      else socket.destroy()
    },
    latest: () => latest,
  }
}

/**
 * node:http closes a connection behind its last answer at once. Where the client is still sending, the system would reset it, and throw
 * away the answer that the client has not read yet: so only our side is closed, and the rest of the body is read (discard-body.ts sees
 * to it that it ends).
 */
function lingerAtEnd(socket: Socket, latestRequest: () => IncomingMessage | undefined): void {
  const closeAtOnce = socket.destroySoon.bind(socket)
  socket.destroySoon = () => {
    const request = latestRequest()
    if (request === undefined || !hasUnread(request)) {
      closeAtOnce()
      return
    }
    socket.end()
    // Nothing that may follow on the connection is looked at: it was told that this was the last.
    request.once('end', () => socket.destroy())
  }
}

/** An answer whose turn on the socket never came is told by nobody else that it never will. */
function abandon(unanswered: ReadonlySet<ServerResponse>): void {
  for (const response of unanswered) {
    if (response.socket !== null || response.destroyed) continue
    response.destroy()
    response.emit('close')
  }
}
