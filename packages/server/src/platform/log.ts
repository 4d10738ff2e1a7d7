/**
 * Structured logs: JSON lines on standard error through pino, so that standard output keeps to what people and scripts
 * read at the start. Nothing that carries a signature may be passed in.
 */
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

export type Log = Logger

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const STDERR = 2

/** Lines are written behind the request, never in its way, and flushed when the process exits. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    destination ?? pino.destination({ dest: STDERR, sync: false }),
  )
}
