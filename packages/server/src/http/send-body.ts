/**
 * Sends bodies. Small ones leave in one write with their headers. Large ones are read into two buffers that take
 * turns, one being filled while the other is on its way: streams and their small chunks cost several times as much.
 */
import type { ServerResponse } from 'node:http'
import type { BufferPool } from './buffer-pool.ts'
import { HttpFault } from './faults.ts'

/** Bytes to be sent, in order. */
export interface ByteSource {
  /** Fills `buffer` from its start and resolves to how many bytes; 0 at the end. */
  readInto(buffer: Uint8Array): Promise<number>
  close(): Promise<void>
}

/**
 * Sends `length` bytes of `source` on a response whose head is written, and closes the source. Throws `client-gone` when
 * the connection ends first, as it does when nobody reads (write-limit.ts), and whatever the source throws: the caller must
 * then cut the connection, because a body that ends early must never look complete.
 */
export async function sendSource(
  response: ServerResponse,
  source: ByteSource,
  length: number,
  pool: BufferPool,
): Promise<void> {
  const writer = createWriter(response)
  const buffers = [pool.take(), pool.take()] as const
  let sent = 0
  let turn = 0
  let writing: Promise<void> = Promise.resolve()
  try {
    while (sent < length) {
      const buffer = buffers[turn % 2] ?? buffers[0]
      const wanted = Math.min(buffer.byteLength, length - sent)
      const count = await source.readInto(buffer.subarray(0, wanted))
      if (count === 0) throw new Error(`the body ended after ${sent} of ${length} bytes`)
      await writing
      writing = writer.write(buffer.subarray(0, count))
      // It is awaited a turn later; a failure before that is not an unhandled one.
      writing.catch(() => undefined)
      sent += count
      turn += 1
    }
    await writing
    response.end()
  } finally {
    await settled(writing)
    writer.close()
    for (const buffer of buffers) pool.giveBack(buffer)
    await source.close()
  }
}

async function settled(promise: Promise<void>): Promise<void> {
  try {
    await promise
  } catch {
    // Already thrown to the caller; here it only matters that the socket has let go of the buffer.
  }
}

interface Writer {
  /** Resolves when the socket has taken all of `bytes` and the buffer is free again. */
  write(bytes: Uint8Array): Promise<void>
  close(): void
}

function createWriter(response: ServerResponse): Writer {
  let reject: ((fault: Error) => void) | null = null
  function onClose(): void {
    reject?.(new HttpFault('client-gone'))
  }
  response.on('close', onClose)
  return {
    write: async (bytes) => {
      if (response.destroyed) throw new HttpFault('client-gone')
      const pending = Promise.withResolvers<void>()
      reject = pending.reject
      response.write(bytes, (error) => {
        if (error) pending.reject(new HttpFault('client-gone'))
        else pending.resolve()
      })
      await pending.promise
      reject = null
    },
    close: () => {
      response.off('close', onClose)
    },
  }
}
