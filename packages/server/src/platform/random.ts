/** The one place the server draws randomness. Everything else is handed a `Random`. */
import { randomBytes } from 'node:crypto'

export interface Random {
  /** `count` bytes nobody can predict. */
  bytes(count: number): Uint8Array
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) }
