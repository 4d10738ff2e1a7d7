/**
 * Whether an answer arrived. What the system has taken is not at the client yet, and it tells nobody how much is. But a client that has
 * read everything ends its side of the connection in order, and the system of one that has not resets it. So the answer is the last of
 * its connection, only our side is closed behind it, and the client's end is waited for. A client that ended its side behind its request
 * is served, and proves nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasUnread } from './discard-body.ts'
import type { HttpLimits } from './limits.ts'
import type { Deadline, Deadlines } from './deadlines.ts'

export interface ProofOptions {
  readonly deadlines: Deadlines
  readonly limits: Pick<HttpLimits, 'stalledWriteMs' | 'minAnswerBytesPerSecond'>
  /** Of the body. */
  readonly length: number
  /** The other end is a proxy. Some reset each connection they have no more use for, so that its reset says nothing. */
  readonly isForwarded: boolean
}

/** What a system holds of a connection, at most. */
const HELD_BYTES = 4 * 1024 * 1024

/**
 * To be called before the head is written. Resolves to true once the client has ended its side after the whole answer; to false when the
 * connection broke, or nothing came for as long as the last bytes may take. Of a proxy it is enough that it reset the connection when
 * everything had been handed over.
 */
export function proveDelivery(
  { incoming, response }: { readonly incoming: IncomingMessage; readonly response: ServerResponse },
  { deadlines, limits, length, isForwarded }: ProofOptions,
): Promise<boolean> {
  const { socket } = incoming
  const proof = Promise.withResolvers<boolean>()
  const patienceMs =
    limits.stalledWriteMs + (Math.min(length, HELD_BYTES) * 1000) / limits.minAnswerBytesPerSecond
  let endedAt: number | null = null
  const deadline: Deadline = {
    isOverdue: (nowMs) => endedAt !== null && nowMs - endedAt > patienceMs,
    expire: () => socket.destroy(),
  }
  let isProven = false

  response.shouldKeepAlive = false
  const closeAtOnce = socket.destroySoon.bind(socket)
  socket.destroySoon = () => {
    // Who still sends what nobody wants is not waited for.
    if (hasUnread(incoming)) return closeAtOnce()
    endedAt = deadlines.now()
    deadlines.add(deadline)
    socket.end()
    socket.resume()
  }
  socket.once('end', () => {
    isProven = response.writableFinished
  })
  socket.once('close', (hadError) => {
    deadlines.remove(deadline)
    proof.resolve(hadError ? isForwarded && response.writableFinished : isProven)
  })
  if (socket.destroyed) proof.resolve(false)
  return proof.promise
}
