/** How much memory a process holds, as Linux counts it in /proc. */
import { readFileSync, writeFileSync } from 'node:fs'

export interface Memory {
  readonly nowMib: number
  /** The most since `forgetPeak`. */
  readonly peakMib: number
}

export function readMemory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024
  return { nowMib: read('VmRSS'), peakMib: read('VmHWM') }
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
