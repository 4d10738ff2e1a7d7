/** Cuts a stream of chunks at byte patterns, and holds no more of it than may be the beginning of one. */
import { MultipartFault } from './multipart-fault.ts'

export interface ByteScanner {
  /**
   * The bytes before the next `pattern`, in pieces; the pattern itself is taken away. Throws if the stream ends first. May be
   * left before its end and be gone on with.
   */
  until(pattern: Uint8Array): AsyncGenerator<Uint8Array, void, undefined>
  /** Everything up to and with `pattern`; `null` if that were more than `maxBytes`. */
  takeThrough(pattern: Uint8Array, maxBytes: number): Promise<Uint8Array | null>
  /** The next bytes, one character each. */
  take(count: number): Promise<string>
  /** What is left of the stream. */
  rest(): AsyncGenerator<Uint8Array, void, undefined>
}

/** `before` is read as if it stood before the first chunk. */
export function createByteScanner(
  source: AsyncIterator<Uint8Array>,
  before: Uint8Array,
): ByteScanner {
  let held: Buffer = Buffer.from(before)

  async function more(): Promise<void> {
    const next = await source.next()
    if (next.done === true) throw new MultipartFault('The form ends too early.')
    held = held.byteLength === 0 ? asBuffer(next.value) : Buffer.concat([held, next.value])
  }

  function takeHeld(count: number): Buffer {
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }

  return {
    until: async function* until(pattern) {
      for (;;) {
        const at = held.indexOf(pattern)
        const count = at === -1 ? beginningOf(pattern, held) : at
        const piece = takeHeld(count)
        if (at !== -1) takeHeld(pattern.byteLength)
        if (piece.byteLength > 0) yield piece
        if (at !== -1) return
        await more()
      }
    },
    takeThrough: async (pattern, maxBytes) => {
      for (;;) {
        const at = held.indexOf(pattern)
        if (at !== -1) return at > maxBytes ? null : takeHeld(at + pattern.byteLength)
        if (held.byteLength > maxBytes) return null
        await more()
      }
    },
    take: async (count) => {
      while (held.byteLength < count) await more()
      return takeHeld(count).toString('latin1')
    },
    rest: async function* rest() {
      if (held.byteLength > 0) yield takeHeld(held.byteLength)
      for (;;) {
        const next = await source.next()
        if (next.done === true) return
        yield next.value
      }
    },
  }
}

/** Where, near the end of `bytes`, `pattern` may have begun; their length if it has not. */
function beginningOf(pattern: Uint8Array, bytes: Buffer): number {
  const from = Math.max(0, bytes.byteLength - pattern.byteLength + 1)
  const at = bytes.indexOf(pattern[0] ?? 0, from)
  return at === -1 ? bytes.byteLength : at
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
