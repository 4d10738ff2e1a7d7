/**
 * Seals key secrets before they rest in the catalog: AES-256-GCM under the master key, the key's id bound in, so that a
 * copied database alone signs nothing and a sealed secret cannot be moved to another key's row.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../../platform/random.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const MASTER_KEY_BYTES = 32

export interface Sealer {
  /** nonce ‖ ciphertext ‖ tag. */
  seal(keyId: string, secret: string): Uint8Array
  /** Throws `StoreCorrupt` if the bytes were changed or belong to another key or master key. */
  open(keyId: string, sealed: Uint8Array): string
}

export function createSealer(masterKey: Uint8Array, random: Random): Sealer {
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new RangeError(`masterKey must have ${MASTER_KEY_BYTES} bytes`)
  }
  return {
    seal(keyId, secret) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(keyId))
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()])
    },
    open(keyId, sealed) {
      try {
        const nonce = sealed.subarray(0, NONCE_BYTES)
        const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
        const decipher = createDecipheriv('aes-256-gcm', masterKey, nonce)
          .setAAD(Buffer.from(keyId))
          .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch (error) {
        const message = `The secret of key ${keyId} cannot be opened: is this the data folder's own master key?`
        throw storeCorrupt(message, error)
      }
    },
  }
}
