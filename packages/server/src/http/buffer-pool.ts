/** Reused buffers for reading files: allocating megabytes for each download costs more than reading them. */

export interface BufferPool {
  /** A buffer with old bytes in it; give it back when nothing reads or writes it any more. */
  take(): Uint8Array
  giveBack(buffer: Uint8Array): void
}

/**
 * A crowd that has stopped reading holds its buffers until it is cut, and must not hold all the memory: when as many as there may be of
 * one size are out, the next are of the next one.
 */
export interface BufferSizes {
  readonly largest: BufferSize
  /** Each smaller than the one before. */
  readonly middle: readonly BufferSize[]
  /** There is no end of these. */
  readonly smallestBytes: number
}

export interface BufferSize {
  readonly bytes: number
  readonly atMost: number
}

/** At most `maxKept` of the largest are kept for the next. */
export function createBufferPool(
  maxKept: number,
  { largest, middle, smallestBytes }: BufferSizes,
): BufferPool {
  const free: Uint8Array[] = []
  const limited = [largest, ...middle].map(({ bytes, atMost }) => ({ bytes, atMost, out: 0 }))
  return {
    take: () => {
      const size = limited.find(({ out, atMost }) => out < atMost)
      if (size === undefined) return Buffer.allocUnsafeSlow(smallestBytes)
      size.out += 1
      const kept = size.bytes === largest.bytes ? free.pop() : undefined
      return kept ?? Buffer.allocUnsafeSlow(size.bytes)
    },
    giveBack: (buffer) => {
      const size = limited.find(({ bytes }) => bytes === buffer.byteLength)
      if (size !== undefined) size.out -= 1
      if (size?.bytes === largest.bytes && free.length < maxKept) free.push(buffer)
    },
  }
}
