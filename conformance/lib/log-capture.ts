/** The server's own logger, at its most talkative, writing into an array. */
import { createLog } from '../../packages/server/src/platform/log.ts'
import type { Log } from '../../packages/server/src/platform/log.ts'

export function createLogTo(lines: string[]): Log {
  return createLog('trace', { write: (line) => void lines.push(line) })
}
