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
const PIECES_PER_THREAD = 8

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
}

function createThread<Task, Result>(worker: Worker, onEnd: () => void): ByteThread<Task, Result> {
  const streams = new Map<number, Awaited<Result>>()
  let lastId = 0
  let end: Error | null = null
  let cause: unknown = null

  // It is waited for while it has something to do, and else is no reason to go on.
  worker.unref()
  worker.on('message', (message: FromByteThread<Result>) => {
    const { kind, id } = message
    const stream = streams.get(id)
    if (kind === 'read') {
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
    end = new Error(`The thread that worked on these bytes ended with ${code}.`, { cause })
    onEnd()
    for (const { reads, result } of streams.values()) {
      for (const { reject } of [...reads, result]) reject(end)
    }
    streams.clear()
  })

  return {
    streams: () => streams.size,
    open(task) {
      lastId += 1
      const id = lastId
      const reads: PromiseWithResolvers<void>[] = []
      const result = Promise.withResolvers<Result>()
      // Whoever adds bytes is told as well, and may never ask for it.
      result.promise.catch(() => undefined)
      const tell = (message: ToByteThread<Task>): void => {
        if (end !== null) throw end
        worker.postMessage(message)
      }
      tell({ kind: 'open', id, task })
      if (streams.size === 0) worker.ref()
      streams.set(id, { reads, result })
      return {
        async read(start, length) {
          tell({ kind: 'bytes', id, start, length })
          const read = Promise.withResolvers<void>()
          reads.push(read)
          await read.promise
        },
        async finish() {
          tell({ kind: 'finish', id })
          return result.promise
        },
        drop() {
          if (end === null) tell({ kind: 'drop', id })
        },
      }
    },
    close: async () => void (await worker.terminate()),
  }
}
