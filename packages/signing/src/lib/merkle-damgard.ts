/**
 * What MD5, SHA-1 and SHA-2 have in common, in plain JavaScript: bytes go in blocks through a compression
 * function, the last block ends in the message's length. A state can be kept and continued,
 * which is what makes HMAC over a prepared key cheap.
 *
 * `compress` is used only where the runtime has no synchronous hash of its own.
 *
 * @module
 */

/** A hash of this library, named as `node:crypto` names it. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** The part that differs between the hashes. */
export interface BlockHash {
  readonly name: HashName
  /** Bytes a block: 64 or 128. */
  readonly blockBytes: number
  /** Bytes of a digest: the whole state. */
  readonly digestBytes: number
  /** MD5 writes words and the length with the lowest byte first. */
  readonly littleEndian: boolean
  /** The state before the first block, as 32-bit words; 64-bit words are two of them, high half first. */
  readonly initialState: Int32Array
  /** Mixes the block that starts at `offset` into `state`. */
  compress(state: Int32Array, bytes: Uint8Array, offset: number): void
}

/**
 * The digest of some blocks already mixed into `state`, followed by `bytes`. Overwrites `state`.
 *
 * @param bytesBefore How many bytes `state` already holds: a multiple of the block size.
 */
export function finishDigest(
  hash: BlockHash,
  state: Int32Array,
  bytes: Uint8Array,
  bytesBefore: number,
): Uint8Array {
  const { blockBytes } = hash
  const wholeBytes = bytes.length - (bytes.length % blockBytes)
  for (let offset = 0; offset < wholeBytes; offset += blockBytes) {
    hash.compress(state, bytes, offset)
  }
  const last = new Uint8Array(2 * blockBytes)
  const rest = bytes.length - wholeBytes
  last.set(bytes.subarray(wholeBytes))
  last[rest] = 0x80
  // The length takes the last eighth of a block: 8 bytes of 64, 16 bytes of 128.
  const paddedBytes = rest + 1 + blockBytes / 8 > blockBytes ? 2 * blockBytes : blockBytes
  writeBitLength(last, paddedBytes, bytesBefore + bytes.length, hash.littleEndian)
  for (let offset = 0; offset < paddedBytes; offset += blockBytes) {
    hash.compress(state, last, offset)
  }
  return toDigest(hash, state)
}

/** The digest of `bytes`. */
export function digestBytes(hash: BlockHash, bytes: Uint8Array): Uint8Array {
  return finishDigest(hash, hash.initialState.slice(), bytes, 0)
}

function writeBitLength(
  { buffer }: Uint8Array<ArrayBuffer>,
  end: number,
  byteLength: number,
  littleEndian: boolean,
): void {
  const view = new DataView(buffer)
  const high = Math.floor(byteLength / 0x2000_0000)
  const low = byteLength << 3
  view.setInt32(end - 8, littleEndian ? low : high, littleEndian)
  view.setInt32(end - 4, littleEndian ? high : low, littleEndian)
}

function toDigest(hash: BlockHash, state: Int32Array): Uint8Array {
  const digest = new Uint8Array(hash.digestBytes)
  const view = new DataView(digest.buffer)
  state.forEach((word, index) => {
    view.setInt32(index * 4, word, hash.littleEndian)
  })
  return digest
}
