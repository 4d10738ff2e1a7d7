/** What this process has open of files and connections. What an event loop has of its own is left out: threads bring theirs. */
import { readdirSync, readlinkSync } from 'node:fs'

const FOLDER = '/proc/self/fd'

export function countOpen(): number {
  return readdirSync(FOLDER).filter((fd) => {
    const target = targetOf(fd)
    return target.startsWith('/') || target.startsWith('socket:')
  }).length
}

/** Nothing for one that is closed meanwhile. */
function targetOf(fd: string): string {
  try {
    return readlinkSync(`${FOLDER}/${fd}`)
  } catch {
    return ''
  }
}
