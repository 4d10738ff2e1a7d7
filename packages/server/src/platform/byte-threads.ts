/**
 * A few threads that are fed with streams of bytes, so that what is computed of a large one holds up nobody else. They start when there is
 * something for them, run a file that calls `serveBytes`, and keep no process alive that has nothing else to do.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { createByteFeed } from './byte-feed.ts'
import type { ByteFeed, FeedLane } from './byte-feed.ts'
import type { FromByteThread, ToByteThread } from './serve-bytes.ts'
import { createSharedPieces } from './shared-pieces.ts'
import type { SharedPieces } from './shared-pieces.ts'

export interface ByteThreads<Task, Result> {
  /** One stream for all of these, each on another thread as far as there are any. Throws if no thread can be started. */
  open(tasks: readonly Task[]): ByteFeed<Result>
  /** Ends the threads, and the streams that they had. */
  close(): Promise<void>
}

/** As many as one event loop can feed. */
const MAX_THREADS: number = Math.min(availableParallelism(), 8)
/** Enough for a thread to have the next one at hand when it is through with one. */
const PIECES_PER_THREAD = 4

/** The file gets the shared memory as its `workerData`. */
export function createByteThreads<Task, Result>(
  file: URL,
  maxThreads: number = MAX_THREADS,
): ByteThreads<Task, Result> {
  const threads = new Set<ByteThread<Task, Result>>()
  let pieces: SharedPieces | null = null

  function start(memory: SharedArrayBuffer): ByteThread<Task, Result> {
    const worker = new Worker(file, { workerData: memory })
    const thread = createThread<Task, Result>(worker, () => threads.delete(thread))
    threads.add(thread)
    return thread
  }

  /** One that has nothing to do, a new one, or the one that has least to do. */
  function choose(memory: SharedArrayBuffer): ByteThread<Task, Result> {
    const [least] = [...threads].toSorted((a, b) => a.streams() - b.streams())
    const isFree = least !== undefined && (least.streams() === 0 || threads.size >= maxThreads)
    return isFree ? least : start(memory)
  }

  return {
    open(tasks) {
      pieces ??= createSharedPieces(maxThreads * PIECES_PER_THREAD)
      const lanes: FeedLane<Result>[] = []
      try {
        for (const task of tasks) lanes.push(choose(pieces.memory).open(task))
      } catch (error) {
        for (const lane of lanes) lane.drop()
        throw error
      }
      return createByteFeed(lanes, pieces)
    },
    async close() {
      await Promise.all([...threads].map((thread) => thread.close()))
    },
  }
}

interface ByteThread<Task, Result> {
  readonly streams: () => number
  open(task: Task): FeedLane<Result>
  close(): Promise<void>
}

/** What is still to be heard of a stream. */
interface Awaited<Result> {
  readonly reads: PromiseWithResolvers<void>[]
  readonly result: PromiseWithResolvers<Result>
  /** That of its thread. */
  end: Error | null
}

function createThread<Task, Result>(worker: Worker, onEnd: () => void): ByteThread<Task, Result> {
  const streams = new Map<number, Awaited<Result>>()
  let lastId = 0
  let cause: unknown = null

  // It is waited for while it has something to do, and else is no reason to go on.
  worker.unref()
  worker.on('message', ({ id, ...message }: FromByteThread<Result>) => {
    const stream = streams.get(id)
    if (message.kind === 'read') {
      stream?.reads.shift()?.resolve()
      return
    }
    if (message.result !== null) stream?.result.resolve(message.result)
    streams.delete(id)
    if (streams.size === 0) worker.unref()
  })
  worker.on('error', (error) => {
    cause = error
    onEnd()
  })
  worker.on('exit', (code) => {
    onEnd()
    const end = new Error(`The thread that worked on these bytes ended with ${code}.`, { cause })
    for (const stream of streams.values()) {
      stream.end = end
      for (const { reject } of [...stream.reads, stream.result]) reject(end)
    }
    streams.clear()
  })

  function tell(message: ToByteThread<Task>): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    worker.postMessage(message)
  }

  return {
    streams: () => streams.size,
    open(task) {
      lastId += 1
      tell({ kind: 'open', id: lastId, task })
      const stream = { reads: [], result: Promise.withResolvers<Result>(), end: null }
      // Whoever adds bytes is told as well, and may never ask for it.
      stream.result.promise.catch(() => undefined)
      if (streams.size === 0) worker.ref()
      streams.set(lastId, stream)
      return createLane(lastId, stream, tell)
    },
    close: async () => void (await worker.terminate()),
  }
}

/** What is told to a thread that has ended goes nowhere. */
function createLane<Task, Result>(
  id: number,
  stream: Awaited<Result>,
  tell: (message: ToByteThread<Task>) => void,
): FeedLane<Result> {
  return {
    async read(start, length) {
      if (stream.end !== null) throw stream.end
      tell({ kind: 'bytes', id, start, length })
      const read = Promise.withResolvers<void>()
      stream.reads.push(read)
      await read.promise
    },
    finish() {
      tell({ kind: 'finish', id })
      return stream.result.promise
    },
    drop: () => tell({ kind: 'drop', id }),
  }
}
