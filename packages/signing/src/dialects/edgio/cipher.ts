/**
 * AES-256-GCM, synchronously over `node:crypto` and asynchronously over WebCrypto, with the same bytes.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { nodeCrypto } from '../../lib/runtime-crypto.ts'

interface NodeCipher {
  update(data: Uint8Array): Uint8Array
  final(): Uint8Array
  setAuthTag(tag: Uint8Array): void
}

export const NONCE_BYTES = 12
export const TAG_BYTES = 16
const ALGORITHM = 'aes-256-gcm'

/** The plain text, or `null` if the tag does not fit. @throws {SigningError} `sync-crypto-unavailable` */
export function decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  if (nodeCrypto === null) throw syncUnavailable()
  const end = sealed.length - TAG_BYTES
  const decipher = nodeCrypto.createDecipheriv(ALGORITHM, key, nonce) as NodeCipher
  decipher.setAuthTag(sealed.subarray(end))
  const plain = decipher.update(sealed.subarray(0, end))
  try {
    return joinBytes(plain, decipher.final())
  } catch {
    return null
  }
}

/** The same answer as {@link decrypt}, over WebCrypto. */
export async function decryptAsync(
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | null> {
  const imported = await importKey(key)
  const parameters = { name: 'AES-GCM', iv: new Uint8Array(nonce) }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, imported, new Uint8Array(sealed)))
  } catch {
    return null
  }
}

function importKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, ['decrypt'])
}

/** The parts one after the other. */
function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

function syncUnavailable(): SigningError<'sync-crypto-unavailable'> {
  return new SigningError(
    'sync-crypto-unavailable',
    'decrypting needs node:crypto here; use the Async twin',
    { operation: 'decrypting' },
  )
}
