/**
 * Standard error as something that never makes anybody wait: not the event loop, and not one of the few threads that read and
 * write files either, because a thread that waits for a full pipe also keeps the process from ending.
 */
import { constants, fstatSync, openSync, write, writeSync } from 'node:fs'
import process from 'node:process'
import { isatty } from 'node:tty'

export interface LogOutput {
  /** People read it, not programs. */
  readonly isTerminal: boolean
  /** Writes some of the bytes and says how many, or why none. */
  write(bytes: Uint8Array, done: (error: Error | null, written: number) => void): void
  /** The same at once; throws. */
  writeSync(bytes: Uint8Array): number
}

const STDERR = 2
const REOPENED = '/proc/self/fd/2'

// A process has one standard error, as it has one `process.stderr`; it is opened once and never closed.
let standardError: LogOutput | null = null

export function openStandardError(): LogOutput {
  standardError ??= open()
  return standardError
}

function open(): LogOutput {
  const isTerminal = isatty(STDERR)
  const stats = fstatSync(STDERR)
  if (stats.isFile()) return openDescriptor(STDERR, isTerminal)
  // A socket cannot be opened again. Node makes it one that never waits when its stream is first looked at.
  const fd = stats.isSocket() ? null : reopen()
  if (fd === null) process.stderr.on('error', () => undefined)
  return openDescriptor(fd ?? STDERR, isTerminal)
}

/** An open file of our own: whether its writes wait is nobody else's business. `null` where there is no such way. */
function reopen(): number | null {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
    return openSync(REOPENED, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch {
    return null
  }
}

function openDescriptor(fd: number, isTerminal: boolean): LogOutput {
  return {
    isTerminal,
    write: (bytes, done) => write(fd, bytes, 0, bytes.byteLength, null, done),
    writeSync: (bytes) => writeSync(fd, bytes),
  }
}
