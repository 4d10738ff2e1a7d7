/** Reused buffers for reading files: allocating megabytes for each download costs more than reading them. */

export interface BufferPool {
  /** A buffer with old bytes in it; give it back when nothing reads or writes it any more. */
  take(): Uint8Array
  giveBack(buffer: Uint8Array): void
}

export function createBufferPool(bufferBytes: number, maxKept: number): BufferPool {
  const free: Uint8Array[] = []
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes),
    giveBack: (buffer) => {
      if (free.length < maxKept) free.push(buffer)
    },
  }
}
