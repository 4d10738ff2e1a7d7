/** The server's own logger, at its most talkative, writing into an array. */
import { pino } from 'pino'
import type { Log } from '../../packages/server/src/platform/log.ts'

export function createLogTo(lines: string[]): Log {
  return pino({ level: 'trace', base: null }, { write: (line) => void lines.push(line) })
}
