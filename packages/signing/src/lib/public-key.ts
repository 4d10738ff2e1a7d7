/**
 * Signatures with public keys: RSASSA-PKCS1-v1_5, ECDSA P-256 (DER) and Ed25519. Synchronous over
 * `node:crypto`, asynchronous over WebCrypto elsewhere; both give and take the same bytes.
 *
 * @module
 */

import { requireGiven } from './required-options.ts'
import { fromBase64Url, toBase64Url, utf8 } from './bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from './ecdsa-signature.ts'
import type { KeyDer, PublicKeyAlgorithm } from './key-der.ts'
import {
  readPem,
  readPrivateKey,
  readPublicKey,
  wrapEd25519Point,
  wrapEd25519Seed,
} from './key-der.ts'
import { asNodeBuffer } from './node-buffer.ts'
import { SigningError } from '../errors.ts'
import type { NodeKey } from './runtime-crypto.ts'
import { nodeCrypto } from './runtime-crypto.ts'

export type { PublicKeyAlgorithm } from './key-der.ts'

/** The hash in front of RSA and ECDSA. Ed25519 has its own and ignores it. */
export type SignatureHash = 'sha1' | 'sha256'

/**
 * A private key, parsed and checked once. It shows its kind and never its contents:
 * printed, inspected or put into JSON it has two fields.
 */
export interface PreparedPrivateKey {
  readonly type: 'private'
  readonly algorithm: PublicKeyAlgorithm
}

/** A public key, parsed and checked once. */
export interface PreparedPublicKey {
  readonly type: 'public'
  readonly algorithm: PublicKeyAlgorithm
}

/** A prepared key, or a text with one PEM block: PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`). */
export type PrivateKeyInput = string | PreparedPrivateKey

/** A prepared key, or a text with one PEM block: `PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE`. */
export type PublicKeyInput = string | PreparedPublicKey

interface Material {
  readonly der: Uint8Array
  readonly modulusBits: number
  node: NodeKey | null
  readonly web: Map<SignatureHash, Promise<CryptoKey>>
}

// Shorter RSA moduli can be factored, so a signature by one proves nothing.
const MIN_MODULUS_BITS = 1024

const materials = new WeakMap<PreparedPrivateKey | PreparedPublicKey, Material>()

/**
 * The prepared form of a private key. Nothing is remembered: whoever signs more than once prepares a key once. Encrypted
 * keys are refused: decrypt them first.
 *
 * @param parameter the caller's name for the key, for error messages
 * @throws {SigningError} `key-invalid`
 */
export function preparePrivateKey(key: PrivateKeyInput, parameter: string): PreparedPrivateKey {
  requireGiven(key, parameter)
  if (typeof key !== 'string') return checkPrepared(key, 'private', parameter)
  const pem = readPem(key)
  const der = pem === null ? null : readPrivateKey(pem.label, pem.der)
  if (der === null) {
    throw invalidKey(parameter, 'expected PEM of an unencrypted RSA, P-256 or Ed25519 private key')
  }
  return register<PreparedPrivateKey>({ type: 'private', algorithm: der.algorithm }, der, parameter)
}

/** The prepared form of a public key. @throws {SigningError} `key-invalid` */
export function preparePublicKey(key: PublicKeyInput, parameter: string): PreparedPublicKey {
  requireGiven(key, parameter)
  if (typeof key !== 'string') return checkPrepared(key, 'public', parameter)
  const pem = readPem(key)
  const der = pem === null ? null : readPublicKey(pem.label, pem.der)
  if (der === null) {
    throw invalidKey(
      parameter,
      'expected PEM of an RSA, P-256 or Ed25519 public key or certificate',
    )
  }
  return register<PreparedPublicKey>({ type: 'public', algorithm: der.algorithm }, der, parameter)
}

/** The Ed25519 private key of 32 bytes in base64url, as Google's Media CDN writes it. @throws {SigningError} `key-invalid` */
export function prepareEd25519Seed(seed: string, parameter: string): PreparedPrivateKey {
  const der = wrapEd25519Seed(read32Bytes(seed, parameter))
  return register<PreparedPrivateKey>(
    { type: 'private', algorithm: 'ed25519' },
    { algorithm: 'ed25519', der, modulusBits: 0 },
    parameter,
  )
}

/** The Ed25519 public key of 32 bytes in base64url. @throws {SigningError} `key-invalid` */
export function prepareEd25519Point(point: string, parameter: string): PreparedPublicKey {
  const der = wrapEd25519Point(read32Bytes(point, parameter))
  return register<PreparedPublicKey>(
    { type: 'public', algorithm: 'ed25519' },
    { algorithm: 'ed25519', der, modulusBits: 0 },
    parameter,
  )
}

/** The size an RSA or Ed25519 signature by this key must have; `null` for ECDSA, whose DER varies. */
export function signatureLength(key: PreparedPrivateKey | PreparedPublicKey): number | null {
  if (key.algorithm === 'ecdsa-p256') return null
  if (key.algorithm === 'ed25519') return 64
  return Math.ceil(materialOf(key).modulusBits / 8)
}

/** The signature over `data`. @throws {SigningError} `sync-crypto-unavailable` without `node:crypto` */
export function signBytes(
  key: PreparedPrivateKey,
  hash: SignatureHash,
  data: Uint8Array,
): Uint8Array {
  if (nodeCrypto === null) throw syncUnavailable('signing with a private key')
  const { node } = materialOf(key)
  if (node === null) throw syncUnavailable('signing with a private key')
  return nodeCrypto.sign(key.algorithm === 'ed25519' ? null : hash, data, node)
}

/** {@link signBytes} over the UTF-8 of a text, in base64url without padding. */
export function signTextBase64Url(
  key: PreparedPrivateKey,
  hash: SignatureHash,
  text: string,
): string {
  const signature = signBytes(key, hash, utf8(text))
  return asNodeBuffer(signature)?.toString('base64url') ?? toBase64Url(signature)
}

/** True if `signature` over `data` is by the owner of `key`. @throws {SigningError} `sync-crypto-unavailable` */
export function verifyBytes(
  key: PreparedPublicKey,
  hash: SignatureHash,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (nodeCrypto === null) throw syncUnavailable('verifying with a public key')
  const { node } = materialOf(key)
  if (node === null) throw syncUnavailable('verifying with a public key')
  if (!hasPossibleForm(key, signature)) return false
  return nodeCrypto.verify(key.algorithm === 'ed25519' ? null : hash, data, node, signature)
}

/** The same signature as {@link signBytes}, over WebCrypto, in any runtime. */
export async function signBytesAsync(
  key: PreparedPrivateKey,
  hash: SignatureHash,
  data: Uint8Array,
): Promise<Uint8Array> {
  const imported = await importWeb(key, hash)
  const signature = new Uint8Array(
    await crypto.subtle.sign(webParameters(key.algorithm, hash), imported, ownBuffer(data)),
  )
  return key.algorithm === 'ecdsa-p256' ? ecdsaToDer(signature) : signature
}

/** The same answer as {@link verifyBytes}, over WebCrypto, in any runtime. */
export async function verifyBytesAsync(
  key: PreparedPublicKey,
  hash: SignatureHash,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!hasPossibleForm(key, signature)) return false
  const raw = key.algorithm === 'ecdsa-p256' ? ecdsaFromDer(signature) : signature
  if (raw === null) return false
  const imported = await importWeb(key, hash)
  return crypto.subtle.verify(
    webParameters(key.algorithm, hash),
    imported,
    ownBuffer(raw),
    ownBuffer(data),
  )
}

function hasPossibleForm(key: PreparedPublicKey, signature: Uint8Array): boolean {
  const length = signatureLength(key)
  // DER is checked here and not left to the runtime, so that all runtimes refuse the same spellings.
  return length === null ? ecdsaFromDer(signature) !== null : signature.length === length
}

function register<Key extends PreparedPrivateKey | PreparedPublicKey>(
  key: Key,
  { der, modulusBits }: KeyDer,
  parameter: string,
): Key {
  if (key.algorithm === 'rsa' && modulusBits < MIN_MODULUS_BITS) {
    throw invalidKey(parameter, `RSA keys need at least ${MIN_MODULUS_BITS} bits`)
  }
  const node = nodeCrypto === null ? null : importNode(key.type, der, parameter)
  const prepared: Key = key
  Object.freeze(prepared)
  materials.set(prepared, { der, modulusBits, node, web: new Map() })
  return prepared
}

function importNode(
  type: 'private' | 'public',
  der: Uint8Array,
  parameter: string,
): NodeKey | null {
  if (nodeCrypto === null) return null
  try {
    return type === 'private'
      ? nodeCrypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      : nodeCrypto.createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    // The runtime's error may quote the key, so it is not kept as a cause.
    throw invalidKey(parameter, 'the key does not decode')
  }
}

function importWeb(
  key: PreparedPrivateKey | PreparedPublicKey,
  hash: SignatureHash,
): Promise<CryptoKey> {
  const { der, web } = materialOf(key)
  let imported = web.get(hash)
  if (imported === undefined) {
    imported = crypto.subtle
      .importKey(
        key.type === 'private' ? 'pkcs8' : 'spki',
        ownBuffer(der),
        webImportParameters(key.algorithm, hash),
        false,
        [key.type === 'private' ? 'sign' : 'verify'],
      )
      .catch(() => {
        throw invalidKey('key', 'the runtime does not take the key')
      })
    web.set(hash, imported)
  }
  return imported
}

const WEB_HASHES: Readonly<Record<SignatureHash, string>> = { sha1: 'SHA-1', sha256: 'SHA-256' }

function webImportParameters(
  algorithm: PublicKeyAlgorithm,
  hash: SignatureHash,
): Algorithm | RsaHashedImportParams | EcKeyImportParams {
  if (algorithm === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: WEB_HASHES[hash] }
  if (algorithm === 'ed25519') return { name: 'Ed25519' }
  return { name: 'ECDSA', namedCurve: 'P-256' }
}

function webParameters(
  algorithm: PublicKeyAlgorithm,
  hash: SignatureHash,
): { name: string } | EcdsaParams {
  if (algorithm === 'rsa') return { name: 'RSASSA-PKCS1-v1_5' }
  if (algorithm === 'ed25519') return { name: 'Ed25519' }
  return { name: 'ECDSA', hash: WEB_HASHES[hash] }
}

// WebCrypto takes no views over shared memory, which the type of a plain Uint8Array leaves open.
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes)
}

function materialOf(key: PreparedPrivateKey | PreparedPublicKey): Material {
  const material = materials.get(key)
  if (material === undefined) throw new TypeError('key must be a prepared key of this library')
  return material
}

function checkPrepared<Key extends PreparedPrivateKey | PreparedPublicKey>(
  key: Key,
  type: 'private' | 'public',
  parameter: string,
): Key {
  if (typeof key !== 'object' || key === null || !materials.has(key)) {
    throw new TypeError(`${parameter} must be PEM text or a prepared key`)
  }
  if (key.type !== type) throw new TypeError(`${parameter} must be a ${type} key`)
  return key
}

function read32Bytes(text: string, parameter: string): Uint8Array {
  if (typeof text !== 'string') throw new TypeError(`${parameter} must be a string`)
  const bytes = fromBase64Url(text)
  // Spare bits in the last digit would give one key several spellings.
  if (bytes?.length !== 32 || toBase64Url(bytes) !== text.replace(/=$/, '')) {
    throw invalidKey(parameter, 'expected 32 bytes in base64url')
  }
  return bytes
}

function invalidKey(parameter: string, reason: string): SigningError<'key-invalid'> {
  return new SigningError('key-invalid', `${parameter} cannot be used: ${reason}`, {
    parameter,
    reason,
  })
}

function syncUnavailable(operation: string): SigningError<'sync-crypto-unavailable'> {
  return new SigningError(
    'sync-crypto-unavailable',
    `${operation} needs node:crypto here; use the Async twin`,
    { operation },
  )
}
