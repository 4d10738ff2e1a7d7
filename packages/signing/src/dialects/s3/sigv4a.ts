/**
 * Signature Version 4A: an ECDSA signature on the curve P-256 that counts in every region of a set. The key pair is
 * derived from the secret, so a verifier that holds the secret can check it like the other kind.
 *
 * At once it needs `node:crypto`; where elliptic curves are behind promises, `sigv4a-web.ts` does it for the asynchronous twins.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromHex, toHex, utf8 } from '../../lib/bytes.ts'
import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { hmacOnce } from '../../lib/hmac-once.ts'
import type { NodeCrypto, NodeKey } from '../../lib/runtime-crypto.ts'
import { nodeCrypto } from '../../lib/runtime-crypto.ts'
import { ALGORITHM_ECDSA } from './params.ts'
import { sha256 } from '../../lib/sha256.ts'

/** The order of P-256 less two, as hex. */
const ORDER_LESS_TWO = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f'

/**
 * The 32 bytes of the private key. A counter KDF [SP800-108 4.1] over `AWS4A` and the secret makes candidates
 * until one is in the field; the key is that candidate plus one.
 */
export function deriveSigV4aPrivateKey(accessKeyId: string, secretAccessKey: string): Uint8Array {
  for (let counter = 1; counter <= 254; counter += 1) {
    const input = fixedInput(accessKeyId, counter)
    const candidate = hmacOnce(sha256, `AWS4A${secretAccessKey}`, input)
    if (toHex(candidate) <= ORDER_LESS_TWO) return plusOne(candidate)
  }
  throw new SigningError('key-invalid', 'no key can be derived from this secret', {
    parameter: 'secretAccessKey',
    reason: 'no candidate is in the field',
  })
}

/** One round, label, zero, key id, counter, and the length of 256 bits. */
function fixedInput(accessKeyId: string, counter: number): Uint8Array {
  const label = utf8(ALGORITHM_ECDSA)
  const id = utf8(accessKeyId)
  return Uint8Array.of(0, 0, 0, 1, ...label, 0, ...id, counter, 0, 0, 1, 0)
}

function plusOne(number: Uint8Array): Uint8Array {
  const sum = Uint8Array.from(number)
  let index = sum.length
  do {
    index -= 1
    sum[index] = (sum[index] ?? 0) + 1
  } while (sum[index] === 0)
  return sum
}

/** Whose key pair is meant. */
export interface SigV4aKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** The private key of a secret. @throws {SigningError} `sync-crypto-unavailable` without `node:crypto` */
export function deriveSigV4aSigningKey(key: SigV4aKey): NodeKey {
  return requireNodeCrypto().createPrivateKey({
    key: privateKeyDer(key),
    format: 'der',
    type: 'pkcs8',
  })
}

/** True if the signature is one of this text by the key it is for. */
export type SigV4aCheck = (stringToSign: string, signature: string) => boolean

/** The public keys of one verifier, by the id of the key they come from. */
export interface SigV4aKeyMemory {
  /** Another secret under the same id ends the key of the one before. */
  readonly checkOf: (key: SigV4aKey) => SigV4aCheck
  readonly forget: (accessKeyId: string) => void
}

const MAX_KEYS = 256

export function createSigV4aKeyMemory(): SigV4aKeyMemory {
  const kept = createBoundedCache<string, KeptKey>(MAX_KEYS)
  function publicKeyOf(key: SigV4aKey): NodeKey {
    const { accessKeyId, secretAccessKey } = key
    const known = kept.get(accessKeyId)
    if (known?.secret === secretAccessKey) return known.publicKey
    const publicKey = requireNodeCrypto().createPublicKey(deriveSigV4aSigningKey(key))
    kept.delete(accessKeyId)
    kept.set(accessKeyId, { publicKey, secret: secretAccessKey })
    return publicKey
  }
  return {
    checkOf(key) {
      const publicKey = publicKeyOf(key)
      return (text, signature) => verifySigV4a(publicKey, text, signature)
    },
    forget: (accessKeyId) => kept.delete(accessKeyId),
  }
}

interface KeptKey {
  readonly publicKey: NodeKey
  readonly secret: string
}

/** The private key of a secret as DER, the number [RFC5915 3] in PKCS#8 [RFC5958 2]: Bun takes the bare number as PEM only. */
export function privateKeyDer({ accessKeyId, secretAccessKey }: SigV4aKey): Uint8Array {
  return Uint8Array.of(...PKCS8_HEAD, ...deriveSigV4aPrivateKey(accessKeyId, secretAccessKey))
}

// A sequence of version, algorithm and octets; the identifiers of ecPublicKey and of the curve; the number's own head.
// oxfmt-ignore
const PKCS8_HEAD: readonly number[] = [
  0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13,
  0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
  0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
  0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
]

function requireNodeCrypto(): NodeCrypto {
  if (nodeCrypto === null) throw noSyncEcdsa()
  return nodeCrypto
}

export function noSyncEcdsa(): SigningError<'sync-crypto-unavailable'> {
  return new SigningError('sync-crypto-unavailable', 'this runtime has no synchronous ECDSA', {
    operation: ALGORITHM_ECDSA,
  })
}

/** The signature of the text: DER in lower-case hex, another one each time. */
export function signSigV4a(privateKey: NodeKey, stringToSign: string): string {
  return toHex(requireNodeCrypto().sign('sha256', utf8(stringToSign), privateKey))
}

// A DER signature of this curve has from 8 to 72 bytes.
const SIGNATURE = /^(?:[0-9a-f]{2}){8,72}$/

/** True for text that can be a signature of version 4A. */
export function isSigV4aSignature(text: string): boolean {
  return text.length <= 144 && SIGNATURE.test(text)
}

/** True if the signature is one of this text by this key. */
function verifySigV4a(publicKey: NodeKey, stringToSign: string, signature: string): boolean {
  const bytes = isSigV4aSignature(signature) ? fromHex(signature) : null
  if (bytes === null) return false
  return requireNodeCrypto().verify('sha256', utf8(stringToSign), publicKey, bytes)
}

/** True if a region set such as `us-*,eu-west-1` covers the region. */
export function coversRegion(regionSet: string, region: string): boolean {
  return regionsOf(regionSet).some((pattern) => matchesRegion(pattern, region))
}

/** The names and patterns of a region set. */
export function regionsOf(regionSet: string): string[] {
  const patterns = regionSet.split(',').slice(0, MAX_REGIONS)
  return patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== '')
}

const MAX_REGIONS = 64

/** A star stands for any text. Each literal piece is taken where it first fits, so no way is tried twice. */
function matchesRegion(pattern: string, region: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return pattern !== '' && pattern === region
  if (!region.startsWith(first)) return false
  let at = first.length
  for (const piece of others) {
    const found = region.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return region.length - last.length >= at && region.endsWith(last)
}
