/**
 * Seals what must not be read or made up by others: key secrets before they rest in the catalog, and tokens that clients carry.
 * AES-256-GCM, with a label bound in, so that a copied database alone signs nothing and nothing sealed can be moved elsewhere.
 * Every purpose has a key of its own, derived from the master key [RFC5869]: what one opens, no other does.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '../../platform/random.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const MASTER_KEY_BYTES = 32

export type SealPurpose = 'key-secrets' | 'listing-tokens'

export interface Sealer {
  /** nonce ‖ ciphertext ‖ tag. For key secrets, `label` is the key's id. */
  seal(label: string, text: string): Uint8Array
  /** Throws `StoreCorrupt` if the bytes were changed or belong to another label, purpose or master key. */
  open(label: string, sealed: Uint8Array): string
}

export function createSealer(
  masterKey: Uint8Array,
  random: Random,
  purpose: SealPurpose = 'key-secrets',
): Sealer {
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new RangeError(`masterKey must have ${MASTER_KEY_BYTES} bytes`)
  }
  const key = new Uint8Array(hkdfSync('sha256', masterKey, '', `hallpass ${purpose}`, 32))
  // The first secrets of a data folder may have been sealed with the master key itself.
  const openers = purpose === 'key-secrets' ? [key, masterKey] : [key]
  return {
    seal(label, text) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()])
    },
    open(label, sealed) {
      let fault: unknown = null
      for (const opener of openers) {
        try {
          return openWith(opener, label, sealed)
        } catch (error) {
          fault ??= error
        }
      }
      const message = `What was sealed for ${label} cannot be opened: is this the data folder's own master key?`
      throw storeCorrupt(message, fault)
    },
  }
}

function openWith(key: Uint8Array, label: string, sealed: Uint8Array): string {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(label))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}
