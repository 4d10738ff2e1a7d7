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

interface NodeProcess {
  getBuiltinModule?: (name: string) => unknown
}

function findNodeCrypto(): NodeCrypto | null {
  const { process } = globalThis as unknown as { process?: NodeProcess }
  const found = process?.getBuiltinModule?.('node:crypto') as Partial<NodeCrypto> | undefined
  return typeof found?.hash === 'function' ? (found as NodeCrypto) : null
}

/** `node:crypto`, or `null` where the runtime has none. */
export const nodeCrypto: NodeCrypto | null = findNodeCrypto()
