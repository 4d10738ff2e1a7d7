/**
 * One stream of bytes on its way to threads. What comes gathers for a few milliseconds, and while the threads have bytes of it, so that a fast
 * stream is few messages and a slow one holds no memory while it waits for its sender. Where memory is scarce it gathers only while they have:
 * a thousand slow ones would hold all that there is, one after another.
 */
import { PIECE_BYTES } from './shared-pieces.ts'
import type { SharedPieces } from './shared-pieces.ts'

export interface ByteFeed<Result> {
  /** Resolves once the bytes are copied, which is when there is room. Rejects once one of the threads has ended. */
  add(bytes: Uint8Array): Promise<void>
  /** What came of each task, in their order. Nothing may be added behind it. */
  finish(): Promise<readonly Result[]>
  /** Nobody wants to know any more. Must be called of every stream that is not finished; means nothing to one that is. */
  drop(): void
}

/** What one thread does with the stream. */
export interface FeedLane<Result> {
  /** Resolves once it has read these bytes of the shared memory; rejects if the thread ends. */
  read(start: number, length: number): Promise<void>
  finish(): Promise<Result>
  drop(): void
}

interface Piece {
  readonly start: number
  length: number
  /** It has gathered for long enough. */
  isDue: boolean
}

/** In which a fast stream fills a piece. */
const GATHERED_MS = 5

export function createByteFeed<Result>(
  lanes: readonly FeedLane<Result>[],
  { memory, take, give, areScarce }: SharedPieces,
): ByteFeed<Result> {
  const bytes = new Uint8Array(memory)
  let filling: Piece | null = null
  let underWay = 0
  let isOver = false
  let fault: { readonly error: unknown } | null = null

  function requireGoing(): void {
    if (fault !== null) throw fault.error
    if (isOver) throw new Error('The stream of bytes was given up.')
  }

  async function send({ start, length }: Piece): Promise<void> {
    underWay += 1
    await Promise.all(lanes.map((lane) => lane.read(start, length))).catch((error: unknown) => {
      // Another lane may still read the piece and find the bytes of somebody else there: its result is not asked for any more.
      fault ??= { error }
    })
    underWay -= 1
    give(start)
    sendDue()
  }

  async function takePiece(): Promise<Piece> {
    const start = await take()
    if (isOver || fault !== null) give(start)
    requireGoing()
    return beginPiece(start, sendDue)
  }

  function sendDue(): void {
    if (underWay === 0 && (filling?.isDue === true || areScarce())) sendFilled()
  }

  function sendFilled(): void {
    if (filling !== null) void send(filling)
    filling = null
  }

  return {
    async add(added) {
      for (let at = 0; at < added.length;) {
        requireGoing()
        filling ??= await takePiece()
        at += fill(bytes, filling, added.subarray(at))
        if (filling.length === PIECE_BYTES) sendFilled()
        else sendDue()
      }
    },
    async finish() {
      requireGoing()
      sendFilled()
      isOver = true
      return Promise.all(lanes.map((lane) => lane.finish()))
    },
    drop() {
      if (isOver) return
      isOver = true
      if (filling !== null) give(filling.start)
      filling = null
      for (const lane of lanes) lane.drop()
    },
  }
}

function beginPiece(start: number, whenDue: () => void): Piece {
  const piece = { start, length: 0, isDue: false }
  setTimeout(() => {
    piece.isDue = true
    whenDue()
  }, GATHERED_MS)
  return piece
}

/** Returns how many bytes there was room for. */
function fill(memory: Uint8Array, piece: Piece, bytes: Uint8Array): number {
  const part = bytes.subarray(0, PIECE_BYTES - piece.length)
  memory.set(part, piece.start + piece.length)
  piece.length += part.length
  return part.length
}
