/**
 * Seals what must be opened by this server alone: AES-256-GCM, an id bound in, so that a copied database alone signs nothing and
 * nothing sealed can be moved elsewhere. Each purpose has a key of its own, derived from the master key [RFC5869]: what was
 * sealed for one is meaningless to the others, whatever its id.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '../../platform/random.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const MASTER_KEY_BYTES = 32

/** What is sealed. The words are labels of the derivation: changed, nothing sealed before opens. */
export type SealPurpose =
  | 'key-secret'
  | 'listing-token'
  | 'session-token'
  | 'share-session'
  | 'ticket'
  | 'webhook-secret'

export interface Seal {
  /** nonce ‖ ciphertext ‖ tag. */
  seal(id: string, text: string): Uint8Array
  /** Throws `StoreCorrupt` if the bytes were changed or belong to another id, purpose or master key. */
  open(id: string, sealed: Uint8Array): string
}

/** The seal of key secrets, and the way to those of other purposes. */
export interface Sealer extends Seal {
  for(purpose: SealPurpose): Seal
}

export function createSealer(masterKey: Uint8Array, random: Random): Sealer {
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new RangeError(`masterKey must have ${MASTER_KEY_BYTES} bytes`)
  }
  const seals = {
    // Data folders of version 0.1 hold secrets that were sealed with the master key itself.
    'key-secret': createSeal([deriveKey(masterKey, 'key-secret'), masterKey], random),
    'listing-token': createSeal([deriveKey(masterKey, 'listing-token')], random),
    'session-token': createSeal([deriveKey(masterKey, 'session-token')], random),
    'share-session': createSeal([deriveKey(masterKey, 'share-session')], random),
    ticket: createSeal([deriveKey(masterKey, 'ticket')], random),
    'webhook-secret': createSeal([deriveKey(masterKey, 'webhook-secret')], random),
  } satisfies Record<SealPurpose, Seal>
  return { ...seals['key-secret'], for: (purpose) => seals[purpose] }
}

function deriveKey(masterKey: Uint8Array, purpose: SealPurpose): Uint8Array {
  // The master key is random in all its bits: a salt would add nothing.
  return new Uint8Array(
    hkdfSync('sha256', masterKey, '', `hallpass/v1/${purpose}`, MASTER_KEY_BYTES),
  )
}

/** The first key seals; each of them may open. */
function createSeal(keys: readonly [Uint8Array, ...Uint8Array[]], random: Random): Seal {
  return {
    seal(id, text) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', keys[0], nonce).setAAD(Buffer.from(id))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()])
    },
    open(id, sealed) {
      let fault: unknown = null
      for (const key of keys) {
        try {
          return openWith(key, id, sealed)
        } catch (error) {
          fault ??= error
        }
      }
      const message = `What is sealed for ${id} cannot be opened: is this the data folder's own master key?`
      throw storeCorrupt(message, fault)
    },
  }
}

function openWith(key: Uint8Array, id: string, sealed: Uint8Array): string {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}
