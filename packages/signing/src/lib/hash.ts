/**
 * Digests of whole messages, synchronously, in any runtime: `node:crypto` where there is one, else our own.
 * Text is hashed as UTF-8.
 *
 * @module
 */
import { toBase64, toHex, utf8 } from './bytes.ts'
import { md5 } from './md5.ts'
import type { BlockHash } from './merkle-damgard.ts'
import { digestBytes } from './merkle-damgard.ts'
import type { NodeCrypto } from './runtime-crypto.ts'
import { nodeCrypto } from './runtime-crypto.ts'
import { sha1 } from './sha1.ts'
import { sha256 } from './sha256.ts'
import { sha512 } from './sha512.ts'

/** Named as `node:crypto` names them. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha512'

/** The hashes in plain JavaScript. */
export const BLOCK_HASHES: Readonly<Record<HashName, BlockHash>> = { md5, sha1, sha256, sha512 }

/** One way of computing digests. */
export interface HashEngine {
  readonly hashHex: (name: HashName, data: string | Uint8Array) => string
  readonly hashBytes: (name: HashName, data: string | Uint8Array) => Uint8Array
  readonly hashBase64: (name: HashName, data: string | Uint8Array) => string
}

/** An engine over the runtime's cryptography, or over plain JavaScript for `null`. Both give the same results. */
export function createHashEngine(crypto: NodeCrypto | null): HashEngine {
  return crypto === null ? createPureEngine() : createNodeEngine(crypto)
}

function createNodeEngine(crypto: NodeCrypto): HashEngine {
  const { hash } = crypto
  return {
    hashHex: (name, data) => hash(name, data, 'hex'),
    hashBytes: (name, data) => hash(name, data, 'buffer'),
    hashBase64: (name, data) => hash(name, data, 'base64'),
  }
}

function createPureEngine(): HashEngine {
  function hashBytes(name: HashName, data: string | Uint8Array): Uint8Array {
    return digestBytes(BLOCK_HASHES[name], typeof data === 'string' ? utf8(data) : data)
  }
  return {
    hashHex: (name, data) => toHex(hashBytes(name, data)),
    hashBytes,
    hashBase64: (name, data) => toBase64(hashBytes(name, data)),
  }
}

const engine = createHashEngine(nodeCrypto)

/** The digest in lower-case hex. */
export const hashHex: HashEngine['hashHex'] = engine.hashHex

/** The digest as bytes. */
export const hashBytes: HashEngine['hashBytes'] = engine.hashBytes

/** The digest in standard base64. */
export const hashBase64: HashEngine['hashBase64'] = engine.hashBase64
