/** Log lines on their way: which are next, how far the writing of them is, and how many were lost. */

/** Lines that are written together. */
export interface LogBatch {
  readonly bytes: Uint8Array
  /** Where in them each line ends that would be lost with them. */
  readonly ends: readonly number[]
  /** How many lost lines are reported once it is written. */
  readonly reports: number
  written: number
}

export interface LogQueue {
  /** A line with its end; it is lost if there is no room. */
  add(line: string): void
  /** The batch under way, or the next one, with a word on the lines that were lost before it; `null` if there is nothing to say. */
  current(format: (line: string) => string): LogBatch | null
  /** So many more bytes of the batch are written. */
  advance(batch: LogBatch, count: number): void
  /** What is left of the batch will not be written. */
  lose(batch: LogBatch): void
  /** Somebody else has it: it is neither written again nor lost. */
  forget(): void
  lost(): number
}

const MAX_BATCH_BYTES: number = 64 * 1024
const LINE_FEED = 0x0a
/** pino's number for a warning. */
const WARN = 40

export function createLogQueue(maxBytes: number, now: () => number): LogQueue {
  let lines: string[] = []
  let bytes = 0
  let lost = 0
  let reported = 0
  let batch: LogBatch | null = null
  let isMidLine = false

  function take(): string[] {
    let count = 0
    let taken = 0
    while (count < lines.length && taken < MAX_BATCH_BYTES) {
      taken += lines[count]?.length ?? 0
      count += 1
    }
    const first = lines.slice(0, count)
    lines = lines.slice(count)
    bytes -= taken
    return first
  }

  function next(format: (line: string) => string): LogBatch | null {
    const taken = take()
    const unreported = lost - reported
    if (taken.length === 0 && unreported === 0) return null
    const loss = unreported === 0 ? '' : format(describeLoss(unreported, now()))
    return createBatch((isMidLine ? '\n' : '') + loss, taken.map(format), lost)
  }

  return {
    add: (line) => {
      if (bytes + line.length > maxBytes) {
        lost += 1
      } else {
        lines.push(line)
        bytes += line.length
      }
    },
    current: (format) => {
      batch ??= next(format)
      return batch
    },
    advance: (current, count) => {
      current.written += count
      if (count > 0) isMidLine = current.bytes[current.written - 1] !== LINE_FEED
      if (current.written < current.bytes.byteLength) return
      reported = current.reports
      batch = null
    },
    lose: (current) => {
      lost += current.ends.filter((end) => end > current.written).length
      batch = null
    },
    forget: () => {
      batch = null
    },
    lost: () => lost,
  }
}

function createBatch(before: string, lines: readonly string[], reports: number): LogBatch {
  let end = Buffer.byteLength(before)
  const ends = lines.map((line) => {
    end += Buffer.byteLength(line)
    return end
  })
  return { bytes: Buffer.from(before + lines.join('')), ends, reports, written: 0 }
}

function describeLoss(lost: number, nowMs: number): string {
  const time = new Date(nowMs).toISOString()
  return `${JSON.stringify({ level: WARN, time, lost, msg: 'log lines were lost' })}\n`
}
