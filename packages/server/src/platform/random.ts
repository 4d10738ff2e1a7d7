/** The one place the server draws randomness. Everything else is handed a `Random`. */
import { randomBytes } from 'node:crypto'

export interface Random {
  /** `count` bytes nobody can predict. */
  bytes(count: number): Uint8Array
}

const POOL_BYTES = 4096

export const systemRandom: Random = createPooledRandom()

/** Asking the system costs more than what is asked for: it is asked for many bytes at once, each of which is handed out once. */
function createPooledRandom(): Random {
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  return {
    bytes(count) {
      if (count > POOL_BYTES / 8) return randomBytes(count)
      if (used + count > pool.length) {
        pool = randomBytes(POOL_BYTES)
        used = 0
      }
      const bytes = Uint8Array.from(pool.subarray(used, used + count))
      pool.fill(0, used, used + count)
      used += count
      return bytes
    },
  }
}
