/**
 * SHA-256 and its like over bytes that arrive piece by piece.
 *
 * @module
 */
import { toHex } from './bytes.ts'
import type { BlockHash } from './merkle-damgard.ts'
import { finishDigest } from './merkle-damgard.ts'
import type { NodeCrypto } from './runtime-crypto.ts'
import { nodeCrypto } from './runtime-crypto.ts'

/** A hash under way. After {@link IncrementalHash.digestHex} it is spent. */
export interface IncrementalHash {
  readonly update: (bytes: Uint8Array) => void
  /** The digest of everything given, in lower-case hex. */
  readonly digestHex: () => string
}

/** A hash of nothing yet; over plain JavaScript if `crypto` is `null`. */
export function createIncrementalHash(
  hash: BlockHash,
  crypto: NodeCrypto | null = nodeCrypto,
): IncrementalHash {
  if (crypto === null) return createPureHash(hash)
  const running = crypto.createHash(hash.name)
  return {
    update: (bytes) => void running.update(bytes),
    digestHex: () => running.digest('hex'),
  }
}

function createPureHash(hash: BlockHash): IncrementalHash {
  const { blockBytes } = hash
  const state = hash.initialState.slice()
  const pending = new Uint8Array(blockBytes)
  let pendingBytes = 0
  let compressedBytes = 0

  function update(bytes: Uint8Array): void {
    let offset = 0
    if (pendingBytes > 0) {
      offset = Math.min(blockBytes - pendingBytes, bytes.length)
      pending.set(bytes.subarray(0, offset), pendingBytes)
      pendingBytes += offset
      if (pendingBytes < blockBytes) return
      hash.compress(state, pending, 0)
      compressedBytes += blockBytes
      pendingBytes = 0
    }
    for (; offset + blockBytes <= bytes.length; offset += blockBytes) {
      hash.compress(state, bytes, offset)
      compressedBytes += blockBytes
    }
    pending.set(bytes.subarray(offset), 0)
    pendingBytes = bytes.length - offset
  }
  return {
    update,
    digestHex: () =>
      toHex(finishDigest(hash, state, pending.subarray(0, pendingBytes), compressedBytes)),
  }
}
