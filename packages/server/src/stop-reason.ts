/** When a server that runs until it is told ends: at a signal, and with the process that it was started for. */
import process from 'node:process'

const LOOK_EVERY_MS = 500

/**
 * Resolves to the reason. A channel to the parent says when the parent is gone. `followsParent` is for parents that keep none
 * and pass no signal on, such as the shell between npm and its script.
 */
export function waitForStop(followsParent: boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  // Listeners stay, so that a second signal does not cut a stop that is under way.
  process.on('SIGTERM', resolve)
  process.on('SIGINT', resolve)
  const end = (): void => resolve('the parent process is gone')
  if (process.connected) {
    process.once('disconnect', end)
    process.channel?.unref()
  }
  if (followsParent) watchParent(end)
  return promise
}

function watchParent(end: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent && isAlive(parent)) return
    clearInterval(timer)
    end()
  }, LOOK_EVERY_MS)
  timer.unref()
}

/** On Windows a process keeps the number of its parent when that has ended. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
