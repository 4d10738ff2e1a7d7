/**
 * The two key blocks of an HMAC [RFC2104 2].
 *
 * @module
 */
import { utf8 } from './bytes.ts'
import type { BlockHash } from './merkle-damgard.ts'

export const INNER_PAD = 0x36
export const OUTER_PAD = 0x5c

/** The key block: a key longer than a block is hashed first [RFC2104 2]. */
export function toKeyBlock(
  hash: BlockHash,
  key: string | Uint8Array,
  hashBytes: (hash: BlockHash, data: Uint8Array) => Uint8Array,
): Uint8Array {
  const bytes = typeof key === 'string' ? utf8(key) : key
  const block = new Uint8Array(hash.blockBytes)
  block.set(bytes.length > hash.blockBytes ? hashBytes(hash, bytes) : bytes)
  return block
}

export function padded(block: Uint8Array, pad: number): Uint8Array {
  return block.map((byte) => byte ^ pad)
}
