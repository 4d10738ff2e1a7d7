/**
 * Structured logs through pino: JSON lines on standard error, so that standard output keeps to what people and scripts read at
 * the start; on a terminal the same as text. Every line passes through `redact` before it is written: what a client wrote may be
 * a working link, wherever it wrote it.
 */
import process from 'node:process'
import { redact } from '@hallpass/signing/redact'
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { formatLogLine } from './log-line.ts'
import { openStandardError } from './log-output.ts'
import { createLogSink } from './log-sink.ts'
import type { LogSink } from './log-sink.ts'

export type Log = Logger

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Lines are written behind the request, never in its way, and flushed when the process exits. */
export function createLog(
  level: LogLevel,
  destination: DestinationStream = openStandardErrorSink(),
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      hooks: { streamWrite: redact },
    },
    destination,
  )
}

/** The sink that `createLog` takes by itself, for who wants to hold it or to know what it lost. */
export function openStandardErrorSink(): LogSink {
  const sink = createLogSink({
    open: () => {
      process.once('exit', () => sink.flushSync())
      return openStandardError()
    },
    formatForPeople: formatLogLine,
    now: () => Date.now(),
  })
  return sink
}
