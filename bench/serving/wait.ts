/** Waits for a server that says nothing about being ready. */
import { once } from 'node:events'
import { connect } from 'node:net'

const WITHIN_MS = 15_000
const PAUSE_MS = 20

export async function waitUntilListening(port: number): Promise<void> {
  const deadline = performance.now() + WITHIN_MS
  while (!(await accepts(port))) {
    if (performance.now() > deadline) throw new Error(`Nothing listens on port ${port}.`)
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS)
    })
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
