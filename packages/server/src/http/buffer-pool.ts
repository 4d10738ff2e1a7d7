/** Reused buffers for reading files: allocating megabytes for each download costs more than reading them. */

export interface BufferPool {
  /** A buffer with old bytes in it; give it back when nothing reads or writes it any more. */
  take(): Uint8Array
  giveBack(buffer: Uint8Array): void
}

/** A crowd that has stopped reading holds its buffers until it is cut, and must not hold all the memory. */
export interface CrowdLimits {
  /** So many buffers of the full size may be out at once. */
  readonly maxFull: number
  /** Of each buffer beyond. */
  readonly bytesBeyond: number
}

/** At most `maxKept` buffers of `bufferBytes` are kept for the next. */
export function createBufferPool(
  bufferBytes: number,
  maxKept: number,
  { maxFull, bytesBeyond }: CrowdLimits = { maxFull: Infinity, bytesBeyond: bufferBytes },
): BufferPool {
  const free: Uint8Array[] = []
  let fullOut = 0
  return {
    take: () => {
      if (fullOut >= maxFull) return Buffer.allocUnsafeSlow(bytesBeyond)
      fullOut += 1
      return free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes)
    },
    giveBack: (buffer) => {
      if (buffer.byteLength < bufferBytes) return
      fullOut -= 1
      if (free.length < maxKept) free.push(buffer)
    },
  }
}
