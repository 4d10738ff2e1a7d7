/**
 * How far a transfer is, on a terminal; nothing at all elsewhere.
 *
 * @module
 */
import type { CliIo } from '../io.ts'
import { formatBytes, printable } from '../output.ts'

export interface Progress {
  /** So many bytes more are there, or, below zero, have to come again. */
  readonly add: (bytes: number) => void
  /** Takes the line away. */
  readonly end: () => void
}

const SILENT: Progress = { add: () => undefined, end: () => undefined }
const REDRAW_EVERY_MS = 100
const BAR_WIDTH = 24
const MAX_LABEL = 32

/** `total` in bytes. */
export function createProgress(
  io: CliIo,
  { label, total }: { readonly label: string; readonly total: number },
): Progress {
  const { stderr } = io
  if (!('isTTY' in stderr) || stderr.isTTY !== true) return SILENT
  const startedAt = io.now().getTime()
  let done = 0
  let drawnAt = 0
  return {
    add(bytes) {
      done += bytes
      const now = io.now().getTime()
      if (now - drawnAt < REDRAW_EVERY_MS && done < total) return
      drawnAt = now
      stderr.write(
        `\r\u001b[K${formatProgress({ label, done, total, elapsedMs: now - startedAt })}`,
      )
    },
    end() {
      stderr.write('\r\u001b[K')
    },
  }
}

/** `report.pdf  [######······]  45 %  4.5 MiB of 10 MiB  2.3 MiB/s  3 s left` */
export function formatProgress(state: {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly elapsedMs: number
}): string {
  const { label, done, total, elapsedMs } = state
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const full = Math.floor(share * BAR_WIDTH)
  const bar = `[${'#'.repeat(full)}${'·'.repeat(BAR_WIDTH - full)}]`
  const percent = `${Math.floor(share * 100)} %`.padStart(5)
  const amount = `${formatBytes(done)} of ${formatBytes(total)}`
  return [shorten(printable(label)), bar, percent, amount, ...formatPace(state, elapsedMs)].join(
    '  ',
  )
}

function formatPace(
  { done, total }: { readonly done: number; readonly total: number },
  elapsedMs: number,
): string[] {
  if (elapsedMs < 1000 || done <= 0) return []
  const perSecond = (done / elapsedMs) * 1000
  const left = Math.ceil(Math.max(0, total - done) / perSecond)
  return [`${formatBytes(perSecond)}/s`, `${formatDuration(left)} left`]
}

function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`
}

function shorten(label: string): string {
  return label.length <= MAX_LABEL ? label : `…${label.slice(1 - MAX_LABEL)}`
}
