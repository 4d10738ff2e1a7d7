/**
 * Finds the runtime's own synchronous cryptography without importing it, so that the same file loads
 * in Node, Bun, Deno, workers and browsers, and no bundler goes looking for `node:crypto`.
 *
 * @module
 */

/** `crypto.hash`: one digest of one message. */
export interface NodeOneShotHash {
  (algorithm: string, data: string | Uint8Array, outputEncoding: 'buffer'): Uint8Array
  (
    algorithm: string,
    data: string | Uint8Array,
    outputEncoding: 'hex' | 'base64' | 'base64url' | 'latin1',
  ): string
}

/** The few members of `node:crypto` this library calls. */
export interface NodeCrypto {
  readonly hash: NodeOneShotHash
  createHash(algorithm: string): NodeHash
  createHmac(algorithm: string, key: Uint8Array | string): NodeHash
  createPrivateKey(key: unknown): NodeKey
  createPublicKey(key: unknown): NodeKey
  sign(algorithm: string | null, data: Uint8Array, key: NodeKey | object): Uint8Array
  verify(
    algorithm: string | null,
    data: Uint8Array,
    key: NodeKey | object,
    signature: Uint8Array,
  ): boolean
  createCipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): unknown
  createDecipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): unknown
}

export interface NodeHash {
  update(data: string | Uint8Array): NodeHash
  digest(): Uint8Array
  digest(encoding: 'hex' | 'base64'): string
}

export interface NodeKey {
  readonly type: 'public' | 'private' | 'secret'
  readonly asymmetricKeyType?: string
  export(options: object): unknown
}

/** The members of Node's `Buffer` this library calls: text goes into bytes without a copy in between. */
export interface NodeBuffer extends Uint8Array {
  utf8Write(text: string, offset: number): number
  latin1Write(text: string, offset: number): number
  subarray(start?: number, end?: number): NodeBuffer
}

interface NodeGlobals {
  process?: NodeProcess
  Buffer?: { alloc(size: number): NodeBuffer }
}

interface NodeProcess {
  getBuiltinModule?: (name: string) => unknown
}

function findNodeCrypto(): NodeCrypto | null {
  const { process } = globalThis as unknown as NodeGlobals
  const found = process?.getBuiltinModule?.('node:crypto') as Partial<NodeCrypto> | undefined
  return typeof found?.hash === 'function' ? (found as NodeCrypto) : null
}

/** `node:crypto`, or `null` where the runtime has none. */
export const nodeCrypto: NodeCrypto | null = findNodeCrypto()

/** Zeroed bytes that text can be written into, or `null` where the runtime has none such. */
export function allocateNodeBuffer(size: number): NodeBuffer | null {
  const buffer = (globalThis as unknown as NodeGlobals).Buffer?.alloc(size)
  return typeof buffer?.utf8Write === 'function' && typeof buffer.latin1Write === 'function'
    ? buffer
    : null
}
