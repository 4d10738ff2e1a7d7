/** Master keys as text: 64 hex digits each, blanks or commas between, the newest first. */
import { MASTER_KEY_BYTES } from '../core/keys/seal.ts'
import type { MasterKeyset } from '../core/keys/master-keys.ts'
import { createSecret } from '../platform/secret.ts'
import type { Secret } from '../platform/secret.ts'

const DIGITS = MASTER_KEY_BYTES * 2
/** Of that many bytes at random, hardly ever fewer than 25 differ. */
const MIN_DISTINCT_BYTES = 12

/** Throws a plain `Error` whose message completes "HALLPASS_MASTER_KEY … " and quotes nothing. */
export function parseMasterKeys(text: string): MasterKeyset['keys'] {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '')
  const [newest, ...others] = parts.map(parseMasterKey)
  if (newest === undefined) throw new Error('is empty')
  return [newest, ...others]
}

function parseMasterKey(text: string): Uint8Array {
  const key = parseHexKey(text.toLowerCase())
  if (key === null) {
    const example = `'openssl rand -hex ${MASTER_KEY_BYTES}' makes one`
    throw new Error(`must be keys of ${DIGITS} hex digits with blanks between; ${example}`)
  }
  if (new Set(key).size < MIN_DISTINCT_BYTES) throw new Error('is refused: it is not random')
  return key
}

/** `null` for anything but 64 lower-case hex digits. */
export function parseHexKey(text: string): Uint8Array | null {
  const key = Buffer.from(text, 'hex')
  return key.length === MASTER_KEY_BYTES && key.toString('hex') === text ? key : null
}

export function formatMasterKeys({ keys }: Pick<MasterKeyset, 'keys'>): string {
  return keys.map((key) => Buffer.from(key).toString('hex')).join(' ')
}

/** Kept as text: a secret shows itself nowhere. */
export function parseMasterKeySetting(text: string): Secret {
  return createSecret(formatMasterKeys({ keys: parseMasterKeys(text) }))
}
