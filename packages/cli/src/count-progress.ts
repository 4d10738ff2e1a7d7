/**
 * How far something is that counts, on a terminal; nothing at all elsewhere.
 *
 * @module
 */
import type { CliIo } from './io.ts'

export interface Counted {
  readonly what: string
  readonly done: number
  readonly of: number | null
}

const REDRAW_EVERY_MS = 200

export interface CountProgress {
  readonly show: (counted: Counted) => void
  /** Takes the line away. */
  readonly end: () => void
}

export function createCountProgress(io: CliIo): CountProgress {
  const { stderr } = io
  if (!('isTTY' in stderr) || stderr.isTTY !== true) {
    return { show: () => undefined, end: () => undefined }
  }
  let drawnAt = 0
  return {
    show({ what, done, of }) {
      const at = io.now().getTime()
      if (at - drawnAt < REDRAW_EVERY_MS) return
      drawnAt = at
      stderr.write(`\r\u001b[K${done}${of === null ? '' : ` of ${of}`} ${what}`)
    },
    end() {
      stderr.write('\r\u001b[K')
    },
  }
}
