/**
 * The body of a request as an async iterable: with back-pressure, with a pace the client must keep, and with
 * `100 Continue` sent at the first read, so that a refused request is answered before any byte of its body.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createBodyPace } from './body-pace.ts'
import { HttpFault } from './faults.ts'
import type { HttpLimits } from './limits.ts'
import type { Deadline, Deadlines } from './deadlines.ts'

export interface BodySource {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The client sent `Expect: 100-continue` and waits. */
  readonly expectsContinue: boolean
}

/** Throws HttpFault: `client-gone` when the connection ends first, `body-too-slow` when the pace is not kept. */
export async function* readBody(
  source: BodySource,
  deadlines: Deadlines,
  limits: HttpLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { request, response } = source
  // Already complete in the buffer: the common small upload needs no watching.
  const arrival = createArrival(request)
  const pace = createBodyPace({
    windowMs: limits.slowBodyWindowMs,
    minBytesPerSecond: limits.minBodyBytesPerSecond,
  })
  const deadline: Deadline = {
    isOverdue: (nowMs) => pace.isTooSlow(nowMs),
    expire: () => arrival.fail(new HttpFault('body-too-slow')),
  }
  if (source.expectsContinue) response.writeContinue()
  deadlines.add(deadline)
  try {
    while (true) {
      const chunk = request.read() as Uint8Array | null
      if (chunk !== null) {
        pace.receive(deadlines.now(), chunk.byteLength)
        yield chunk
        continue
      }
      if (request.readableEnded) return
      pace.wait(deadlines.now())
      await arrival.next()
    }
  } finally {
    deadlines.remove(deadline)
    arrival.close()
  }
}

interface Arrival {
  /** Resolves when there may be more to read; rejects when there never will be. */
  next(): Promise<void>
  fail(fault: Error): void
  close(): void
}

function createArrival(request: IncomingMessage): Arrival {
  let waiting: PromiseWithResolvers<void> | null = null
  let fault: Error | null = null
  let isFresh = false

  function wake(): void {
    isFresh = true
    waiting?.resolve()
    waiting = null
  }
  function fail(error: Error): void {
    fault ??= error
    waiting?.reject(fault)
    waiting = null
  }
  function onClose(): void {
    if (!request.readableEnded) fail(new HttpFault('client-gone'))
  }
  request.on('readable', wake)
  request.on('end', wake)
  request.on('error', onClose)
  request.on('close', onClose)
  return {
    next: async () => {
      if (fault !== null) throw fault
      if (request.destroyed && !request.readableEnded) throw new HttpFault('client-gone')
      if (isFresh) {
        isFresh = false
        return
      }
      waiting = Promise.withResolvers()
      await waiting.promise
      isFresh = false
    },
    fail,
    close: () => {
      request.off('readable', wake)
      request.off('end', wake)
      request.off('close', onClose)
      // The error listener stays: a connection that breaks later must not become an uncaught error.
    },
  }
}
