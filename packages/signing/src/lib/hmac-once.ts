/**
 * HMAC [RFC2104 2] under a key that is used once: preparing such a key costs more than it saves, in time and in a bundle.
 *
 * @module
 */
import { utf8 } from './bytes.ts'
import { hashBytes } from './hash.ts'
import { INNER_PAD, OUTER_PAD, padded, toKeyBlock } from './hmac-block.ts'
import type { BlockHash } from './merkle-damgard.ts'

/** The HMAC as bytes. Text is taken as UTF-8. */
export function hmacOnce(
  hash: BlockHash,
  key: string | Uint8Array,
  data: string | Uint8Array,
): Uint8Array {
  const block = toKeyBlock(hash, key, hashBytes)
  const inner = hashBehind(
    hash,
    padded(block, INNER_PAD),
    typeof data === 'string' ? utf8(data) : data,
  )
  return hashBehind(hash, padded(block, OUTER_PAD), inner)
}

function hashBehind(hash: BlockHash, block: Uint8Array, data: Uint8Array): Uint8Array {
  const message = new Uint8Array(block.length + data.length)
  message.set(block)
  message.set(data, block.length)
  return hashBytes(hash, message)
}
