/**
 * What happens to a body nobody wants. Closing at once would make the kernel reset the connection, and the client,
 * still sending, would see a broken pipe instead of the answer. So some of it is read and thrown away; a sender that
 * does not stop is cut off.
 */
import type { IncomingMessage } from 'node:http'
import type { HttpLimits } from './limits.ts'
import type { Deadline, Deadlines } from './deadlines.ts'

/** True if some of the body has not come yet. */
export function hasUnread(request: IncomingMessage): boolean {
  // A request that cannot have a body has ended before it is complete.
  return !request.complete && !request.readableEnded && !request.destroyed
}

/**
 * True if the connection should end with the answer: the client waits to be asked for a body that nobody wants, and may send it or not, or
 * the body is longer than what is read of it, or has no length.
 */
export function endsConnection(request: IncomingMessage, limits: HttpLimits): boolean {
  if (!hasUnread(request)) return false
  const { expect, 'content-length': length } = request.headers
  return expect !== undefined || length === undefined || Number(length) > limits.maxDiscardBytes
}

/** Call it when the answer has been handed to the socket. */
export function discardBody(
  request: IncomingMessage,
  deadlines: Deadlines,
  limits: HttpLimits,
): void {
  if (!hasUnread(request)) return
  const startedAt = deadlines.now()
  let discarded = 0
  const deadline: Deadline = {
    isOverdue: (nowMs) => nowMs - startedAt > limits.maxDiscardMs,
    expire: cut,
  }
  function cut(): void {
    request.socket.destroy()
  }
  request.on('data', (chunk: Uint8Array) => {
    discarded += chunk.byteLength
    if (discarded > limits.maxDiscardBytes) cut()
  })
  request.on('error', () => undefined)
  request.once('close', () => deadlines.remove(deadline))
  request.once('end', () => deadlines.remove(deadline))
  deadlines.add(deadline)
  request.resume()
}
