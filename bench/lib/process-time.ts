/** How much of the processor a process has had, as Linux counts it in /proc. */
import { readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100
/** Of the fields behind the name of the program. */
const USER = 11
const SYSTEM = 12

/** In seconds; `null` where nobody counts. */
export function readProcessorSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_PER_SECOND
  } catch {
    return null
  }
}
