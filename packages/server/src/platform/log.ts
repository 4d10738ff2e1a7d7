/**
 * Structured logs: JSON lines on standard error through pino, so that standard output keeps to what people and scripts
 * read at the start. Every line passes through `redact` before it is written: what a client wrote may be a working link, wherever it
 * wrote it.
 */
import { redact } from '@hallpass/signing/redact'
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const STDERR = 2

/** Lines are written behind the request, never in its way, and flushed when the process exits. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      hooks: { streamWrite: redact },
    },
    destination ?? pino.destination({ dest: STDERR, sync: false }),
  )
}
