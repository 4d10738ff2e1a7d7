/**
 * Where log lines go: a queue with an end, and one write at a time behind it. What cannot be written (the disk is full, the
 * reader is gone or has stopped reading) is dropped and counted, and said in one line once writing works again. The server
 * serves and stops the same whatever becomes of its log.
 */
import type { LogOutput } from './log-output.ts'
import { createLogQueue } from './log-queue.ts'
import type { LogBatch, LogQueue } from './log-queue.ts'

export interface LogSink {
  /** Takes one line with its end. Never throws, never waits. */
  write(line: string): void
  /** How many lines were lost so far. */
  lostLines(): number
  /** Keeps lines until `release`, so that they come after what is said to people meanwhile. */
  hold(): void
  release(): void
  /** What is still there, as far as it can be written now: for the end of the process. */
  flushSync(): void
}

export interface LogSinkOptions {
  /** Called at the first line. */
  readonly open: () => LogOutput
  /** Makes the line that people see of the JSON that programs see. */
  readonly formatForPeople: (line: string) => string
  readonly now: () => number
  /** Lines beyond so many bytes in memory are lost. */
  readonly maxQueuedBytes?: number
  /** How long to wait after a failure before trying again. */
  readonly retryMs?: number
}

const MAX_QUEUED_BYTES: number = 4 * 1024 * 1024
const RETRY_MS = 250
/** A reader that is slow, not gone, is offered again what it did not take. */
const SLOW_RETRY_MS = 10
const SLOW: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'EBUSY'])
/** At the end there is no later: a slow reader is waited for, but not for long. */
const MAX_LAST_WAITS = 50

export function createLogSink(options: LogSinkOptions): LogSink {
  const { maxQueuedBytes = MAX_QUEUED_BYTES, retryMs = RETRY_MS } = options
  const queue = createLogQueue(maxQueuedBytes, options.now)
  let opened: LogOutput | null = null
  let isWriting = false
  let isHeld = false
  let retry: NodeJS.Timeout | null = null

  function open(): LogOutput {
    opened ??= options.open()
    return opened
  }

  function pump(): void {
    if (isWriting || isHeld || retry !== null) return
    const output = open()
    const batch = currentBatch(queue, output, options)
    if (batch === null) return
    isWriting = true
    output.write(batch.bytes.subarray(batch.written), (error, count) => {
      isWriting = false
      if (error === null) {
        queue.advance(batch, count)
        pump()
      } else {
        if (!isSlow(error)) queue.lose(batch)
        pumpAfter(isSlow(error) ? SLOW_RETRY_MS : retryMs)
      }
    })
  }

  function pumpAfter(ms: number): void {
    retry = setTimeout(() => {
      retry = null
      pump()
    }, ms)
    // A log that cannot be written must not keep the process alive.
    retry.unref()
  }

  return {
    write: (line) => {
      queue.add(line)
      pump()
    },
    lostLines: () => queue.lost(),
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
      pump()
    },
    flushSync: () => {
      // What is on its way would be written twice.
      if (isWriting) queue.forget()
      flush(queue, open(), options)
    },
  }
}

function currentBatch(
  queue: LogQueue,
  { isTerminal }: LogOutput,
  { formatForPeople }: LogSinkOptions,
): LogBatch | null {
  return queue.current(isTerminal ? formatForPeople : (line) => line)
}

function flush(queue: LogQueue, output: LogOutput, options: LogSinkOptions): void {
  let waits = 0
  for (;;) {
    const batch = currentBatch(queue, output, options)
    if (batch === null) return
    try {
      queue.advance(batch, output.writeSync(batch.bytes.subarray(batch.written)))
    } catch (error) {
      waits += 1
      if (!isSlow(error) || waits > MAX_LAST_WAITS) {
        queue.lose(batch)
        return
      }
      waitSync(SLOW_RETRY_MS)
    }
  }
}

function isSlow(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return typeof error.code === 'string' && SLOW.has(error.code)
}

function waitSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
