import { createHash } from 'node:crypto'
import type { Random } from './random.ts'

/** Random bytes that are the same for the same text. */
export function drawnFrom(text: string): Random {
  let drawn = 0
  return {
    bytes: (count) => {
      drawn += 1
      const digest = createHash('sha512').update(`${drawn}:${text}`).digest()
      return digest.subarray(0, count)
    },
  }
}
