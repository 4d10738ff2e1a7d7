/**
 * Digests of whole messages, synchronously, in any runtime: `node:crypto` where there is one, else our own. Which hash
 * is a value that the caller imports, so that a bundle holds the ones it uses. Text is hashed as UTF-8.
 *
 * @module
 */
import { toBase64, toHex, utf8 } from './bytes.ts'
import type { BlockHash } from './merkle-damgard.ts'
import { digestBytes } from './merkle-damgard.ts'
import type { NodeCrypto } from './runtime-crypto.ts'
import { nodeCrypto } from './runtime-crypto.ts'

/** One way of computing digests. */
export interface HashEngine {
  readonly hashHex: (hash: BlockHash, data: string | Uint8Array) => string
  readonly hashBytes: (hash: BlockHash, data: string | Uint8Array) => Uint8Array
  readonly hashBase64: (hash: BlockHash, data: string | Uint8Array) => string
}

/** An engine over the runtime's cryptography, or over plain JavaScript for `null`. Both give the same results. */
export function createHashEngine(crypto: NodeCrypto | null): HashEngine {
  return crypto === null ? createPureEngine() : createNodeEngine(crypto)
}

function createNodeEngine(crypto: NodeCrypto): HashEngine {
  const { hash } = crypto
  return {
    hashHex: ({ name }, data) => hash(name, data, 'hex'),
    hashBytes: ({ name }, data) => hash(name, data, 'buffer'),
    hashBase64: ({ name }, data) => hash(name, data, 'base64'),
  }
}

function createPureEngine(): HashEngine {
  function hashBytes(hash: BlockHash, data: string | Uint8Array): Uint8Array {
    return digestBytes(hash, typeof data === 'string' ? utf8(data) : data)
  }
  return {
    hashHex: (hash, data) => toHex(hashBytes(hash, data)),
    hashBytes,
    hashBase64: (hash, data) => toBase64(hashBytes(hash, data)),
  }
}

const engine = createHashEngine(nodeCrypto)

/** The digest in lower-case hex. */
export const hashHex: HashEngine['hashHex'] = engine.hashHex

/** The digest as bytes. */
export const hashBytes: HashEngine['hashBytes'] = engine.hashBytes

/** The digest in standard base64. */
export const hashBase64: HashEngine['hashBase64'] = engine.hashBase64
