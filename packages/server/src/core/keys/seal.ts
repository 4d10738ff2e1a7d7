/**
 * Seals what must be opened by this server alone: AES-256-GCM, an id bound in, so that a copied database alone signs nothing and
 * nothing sealed can be moved elsewhere. Each purpose has a key of its own, derived from the master key [RFC5869]: what was
 * sealed for one is meaningless to the others, whatever its id.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '../../platform/random.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { MasterKeys, MasterKeyset } from './master-keys.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16
export const MASTER_KEY_BYTES = 32

/** What is sealed. The words are labels of the derivation: changed, nothing sealed before opens. */
export type SealPurpose =
  | 'key-secret'
  | 'listing-token'
  | 'mount-secret'
  | 'session-token'
  | 'sign-in'
  | 'share-session'
  | 'ticket'
  | 'webhook-secret'

export interface Seal {
  /** nonce ‖ ciphertext ‖ tag, under the newest master key. */
  seal(id: string, text: string): Uint8Array
  /** Throws `StoreCorrupt` if the bytes were changed or belong to another id, purpose or master key. */
  open(id: string, sealed: Uint8Array): string
  /** The same under the newest master key; `null` if it is under that already. Throws like `open`. */
  reseal(id: string, sealed: Uint8Array): Uint8Array | null
}

/** The seal of key secrets, and the way to those of other purposes. */
export interface Sealer extends Seal {
  for(purpose: SealPurpose): Seal
}

export function createSealer(masterKeys: MasterKeys, random: Random): Sealer {
  if (masterKeys.current().keys.some((key) => key.length !== MASTER_KEY_BYTES)) {
    throw new RangeError(`masterKey must have ${MASTER_KEY_BYTES} bytes`)
  }
  const sealOf = (purpose: SealPurpose): Seal =>
    createSeal(createSealKeys(masterKeys, purpose), random)
  const seals = {
    'key-secret': sealOf('key-secret'),
    'listing-token': sealOf('listing-token'),
    'mount-secret': sealOf('mount-secret'),
    'session-token': sealOf('session-token'),
    'sign-in': sealOf('sign-in'),
    'share-session': sealOf('share-session'),
    ticket: sealOf('ticket'),
    'webhook-secret': sealOf('webhook-secret'),
  } satisfies Record<SealPurpose, Seal>
  return { ...seals['key-secret'], for: (purpose) => seals[purpose] }
}

/** The first key seals; each of them may open. */
type Keys = readonly [Uint8Array, ...Uint8Array[]]

interface SealKeys {
  /** As the master keys stand, whoever changed them. */
  current(): Keys
  /** As they stood when somebody looked last, which costs nothing. */
  known(): Keys
}

function createSealKeys(masterKeys: MasterKeys, purpose: SealPurpose): SealKeys {
  let from = masterKeys.current()
  let keys = deriveKeys(from, purpose)
  return {
    known: () => keys,
    current: () => {
      const keyset = masterKeys.current()
      if (keyset !== from) keys = deriveKeys(keyset, purpose)
      from = keyset
      return keys
    },
  }
}

function deriveKeys({ keys: [newest, ...others] }: MasterKeyset, purpose: SealPurpose): Keys {
  const derived = others.map((key) => deriveKey(key, purpose))
  // Data folders of version 0.1 hold secrets that were sealed with the master key itself.
  const plain = purpose === 'key-secret' ? [newest, ...others] : []
  return [deriveKey(newest, purpose), ...derived, ...plain]
}

function deriveKey(masterKey: Uint8Array, purpose: SealPurpose): Uint8Array {
  // The master key is random in all its bits: a salt would add nothing.
  return new Uint8Array(
    hkdfSync('sha256', masterKey, '', `hallpass/v1/${purpose}`, MASTER_KEY_BYTES),
  )
}

function createSeal(keys: SealKeys, random: Random): Seal {
  function seal(id: string, text: string): Uint8Array {
    const [newest] = keys.current()
    const nonce = random.bytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', newest, nonce).setAAD(Buffer.from(id))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, body, cipher.getAuthTag()])
  }

  function open(id: string, sealed: Uint8Array): string {
    const known = keys.known()
    const opened = tryKeys(known, id, sealed)
    if (opened !== null) return opened
    // Another process may have changed the master key a moment ago.
    const current = keys.current()
    const reopened = current === known ? null : tryKeys(current, id, sealed)
    if (reopened !== null) return reopened
    throw storeCorrupt(
      `What is sealed for ${id} cannot be opened with the master key of this server. Start it with the one that the catalog was begun with: master.key of that data folder, or the HALLPASS_MASTER_KEY that all servers over one database have alike.`,
    )
  }

  return {
    seal,
    open,
    reseal(id, sealed) {
      const [newest] = keys.current()
      return tryKeys([newest], id, sealed) === null ? seal(id, open(id, sealed)) : null
    },
  }
}

/** `null` if none of them opens it. */
function tryKeys(keys: Keys, id: string, sealed: Uint8Array): string | null {
  for (const key of keys) {
    try {
      return openWith(key, id, sealed)
    } catch {
      // Under another one, or nothing that was sealed here.
    }
  }
  return null
}

function openWith(key: Uint8Array, id: string, sealed: Uint8Array): string {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, options)
    .setAAD(Buffer.from(id))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}
