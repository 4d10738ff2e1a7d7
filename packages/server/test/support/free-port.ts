/** A port for a server of a test. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the range from which systems choose: nobody gets one of these by chance, be it between the question and the start of the server,
 * or while the server is down.
 */
const LEAST = 15_000
const MOST = 32_000
const TRIES = 100

/** None is told twice to a process. */
const told = new Set<number>()

export async function findPort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LEAST, MOST)
    if (told.has(port) || !(await isFree(port))) continue
    told.add(port)
    return port
  }
  throw new Error('No port is free.')
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    probe.listen(port, '127.0.0.1')
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
