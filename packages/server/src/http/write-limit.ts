/** No answer, large or small, may wait for ever for a client that does not read it. */
import type { Socket } from 'node:net'
import type { HttpLimits } from './limits.ts'
import type { Deadline, Deadlines } from './deadlines.ts'

/**
 * Cuts the connection when no write on it came to its end within `stalledWriteMs`, and the time that what waits may
 * take at the slowest pace. Until a write has ended it cannot be seen how much of it is gone.
 */
export function limitWrites(socket: Socket, deadlines: Deadlines, limits: HttpLimits): void {
  const { stalledWriteMs, minAnswerBytesPerSecond } = limits
  let since: number | null = null
  let taken = 0
  const deadline: Deadline = {
    isOverdue: (nowMs) => {
      const waiting = socket.writableLength
      if (waiting === 0) {
        since = null
        return false
      }
      const takenNow = socket.bytesWritten - waiting
      if (since === null || takenNow !== taken) {
        since = nowMs
        taken = takenNow
      }
      return nowMs - since > stalledWriteMs + (waiting * 1000) / minAnswerBytesPerSecond
    },
    expire: () => socket.destroy(),
  }
  deadlines.add(deadline)
  socket.once('close', () => deadlines.remove(deadline))
}
