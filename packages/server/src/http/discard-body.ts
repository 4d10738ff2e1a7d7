/**
 * What happens to a body nobody wants. Closing at once would make the kernel reset the connection, and the client,
 * still sending, would see a broken pipe instead of the answer. So some of it is read and thrown away; a sender that
 * does not stop is cut off.
 */
import type { IncomingMessage } from 'node:http'
import type { HttpLimits } from './limits.ts'
import type { Watch, Watched } from './watch.ts'

/** Call it when the answer has been handed to the socket. */
export function discardBody(request: IncomingMessage, watch: Watch, limits: HttpLimits): void {
  // A request that cannot have a body has ended before it is complete.
  if (request.complete || request.readableEnded || request.destroyed) return
  const startedAt = watch.now()
  let discarded = 0
  const watched: Watched = {
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
  request.once('close', () => watch.remove(watched))
  request.once('end', () => watch.remove(watched))
  watch.add(watched)
  request.resume()
}
