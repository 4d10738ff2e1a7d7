/** What another process has of the processor, as Linux tells of it in /proc. */
import { readFileSync, readdirSync } from 'node:fs'

export interface ProcessorUse {
  /** What it has had so far, in seconds. */
  readonly seconds: number
  /** One of its threads has the processor or waits for it: nothing else keeps it. */
  readonly isRunnable: boolean
}

const TICKS_PER_SECOND = 100
/** Of the fields behind the name of the program. */
const STATE = 0
const USER = 11
const SYSTEM = 12

/** `null` of a process that is gone, and where nobody counts. */
export function readProcessorUse(pid: number): ProcessorUse | null {
  try {
    const own = readStat(`/proc/${pid}`)
    const seconds = (Number(own[USER]) + Number(own[SYSTEM])) / TICKS_PER_SECOND
    const threads = readdirSync(`/proc/${pid}/task`)
    const isRunnable = threads.some((id) => readStat(`/proc/${pid}/task/${id}`)[STATE] === 'R')
    return { seconds, isRunnable }
  } catch {
    return null
  }
}

/** The name may hold anything, spaces and brackets among it. */
function readStat(folder: string): readonly string[] {
  const stat = readFileSync(`${folder}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/**
 * Tells at each call which part of the `everyMs` since the one before the process could have used: all of it, unless it waits for the
 * processor, which somebody else has; then what it had of it.
 */
export function createUsableShare(read: () => ProcessorUse | null, everyMs: number): () => number {
  let before = read()
  return () => {
    const now = read()
    const had = before === null || now === null ? null : now.seconds - before.seconds
    before = now
    return had === null || now?.isRunnable !== true ? 1 : Math.min(1, (had * 1000) / everyMs)
  }
}
