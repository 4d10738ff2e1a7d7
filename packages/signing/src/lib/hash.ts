/**
 * Digests of whole messages, synchronously, in any runtime: `node:crypto` where there is one, else our own. Which hash
 * is a value that the caller imports, so that a bundle holds the ones it uses. Text is hashed as UTF-8.
 *
 * @module
 */
import { toBase64, toHex, utf8 } from './bytes.ts'
import type { BlockHash } from './merkle-damgard.ts'
import { digestBytes } from './merkle-damgard.ts'
import { nodeCrypto } from './runtime-crypto.ts'

/** The digest in lower-case hex. */
export function hashHex(hash: BlockHash, data: string | Uint8Array): string {
  return nodeCrypto === null ? toHex(hashPure(hash, data)) : nodeCrypto.hash(hash.name, data, 'hex')
}

/** The digest as bytes. */
export function hashBytes(hash: BlockHash, data: string | Uint8Array): Uint8Array {
  return nodeCrypto === null ? hashPure(hash, data) : nodeCrypto.hash(hash.name, data, 'buffer')
}

/** The digest in standard base64. */
export function hashBase64(hash: BlockHash, data: string | Uint8Array): string {
  return nodeCrypto === null
    ? toBase64(hashPure(hash, data))
    : nodeCrypto.hash(hash.name, data, 'base64')
}

/** The digest in plain JavaScript, which is the same. */
export function hashPure(hash: BlockHash, data: string | Uint8Array): Uint8Array {
  return digestBytes(hash, typeof data === 'string' ? utf8(data) : data)
}
