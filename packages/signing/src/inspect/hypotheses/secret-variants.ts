/**
 * Other forms a secret takes on its way from a console into a program.
 *
 * @module
 */
import {
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from '../../lib/bytes.ts'
import type { CauseCode } from '../causes.ts'
import type { CauseFacts, ExplainKey } from '../facts/dialect-facts.ts'
import { percentDecode, percentEncode } from '../../lib/percent-encode.ts'

/** A secret that may have been used instead. */
export interface SecretVariant {
  readonly secret: string
  readonly code: CauseCode
  readonly facts: CauseFacts
}

const MAX_OTHER_KEYS = 50
/** Each key is searched for every hypothesis; those with the right id come first. */
const MAX_TRIED_KEYS = 12

/** The secret with blanks or a NUL, in other encodings. */
export function* secretVariants(secret: string): Generator<SecretVariant> {
  const ended = withoutEndingNul(secret)
  const trimmed = ended.trim()
  const blanks: [string, string][] = [
    [`${trimmed}\n`, 'with a blank or line break at its end'],
    [`${trimmed} `, 'with a blank or line break at its end'],
    [`${trimmed}\r\n`, 'with a blank or line break at its end'],
    [`${trimmed}\t`, 'with a blank or line break at its end'],
    [` ${trimmed}`, 'with a blank at its start'],
    [`${trimmed}\0`, 'with a NUL at its end'],
    [ended, 'without the NUL at its end'],
    [trimmed, 'without the blanks around it'],
  ]
  for (const [text, where] of blanks) {
    if (text !== secret) yield { secret: text, code: 'secret-whitespace', facts: { where } }
  }
  const encoded: [string | null, string][] = [
    [tryEncode(trimmed), 'percent-encoded'],
    [percentDecode(trimmed), 'percent-decoded'],
    [`"${trimmed}"`, 'with quotation marks'],
    [`'${trimmed}'`, 'with quotation marks'],
    [trimmed.replaceAll('+', ' '), 'with its plus signs read as blanks'],
  ]
  for (const [text, encoding] of encoded) {
    if (text !== null && text !== secret) {
      yield { secret: text, code: 'secret-encoded', facts: { encoding } }
    }
  }
}

/** A string of C, buffer and all. For an HMAC such a NUL is none: it fills a short key up with them. */
function withoutEndingNul(secret: string): string {
  let end = secret.length
  while (secret.charAt(end - 1) === '\0') end -= 1
  return secret.slice(0, end)
}

/** How a dialect reads its secret: a key taken as text fits the same reading of its text once more encoded. */
export type SecretReading = 'hex' | 'base64' | 'base64url'

/** The secret used as text where the scheme decodes it, and decoded otherwise than the scheme does. */
export function* misreadSecrets(secret: string, reading: SecretReading): Generator<SecretVariant> {
  const encode = { hex: toHex, base64: toBase64, base64url: toBase64Url }[reading]
  const readings: [Uint8Array | null, string][] = [
    [utf8(secret), `as text, not decoded from ${reading}`],
    [utf8(secret.trim()), `as text, not decoded from ${reading}`],
    [utf8(secret.replace(/=+$/, '')), 'as text, without its padding'],
    [fromHex(secret), 'decoded from hex'],
    [fromBase64(secret), 'decoded from base64'],
    [fromBase64Url(secret), 'decoded from base64url'],
  ]
  for (const [bytes, encoding] of readings) {
    if (bytes === null || bytes.length === 0) continue
    const text = encode(bytes)
    if (text !== secret) yield { secret: text, code: 'secret-encoded', facts: { encoding } }
  }
}

/** The secrets of the other keys of the ring. */
export function* otherSecrets(
  keys: readonly ExplainKey[],
  key: ExplainKey,
): Generator<SecretVariant> {
  for (const other of keys.slice(0, MAX_OTHER_KEYS)) {
    if (other === key || other.secret === undefined || other.secret === key.secret) continue
    yield {
      secret: other.secret,
      code: 'secret-other-key',
      facts: { keyId: other.id ?? 'without id' },
    }
  }
}

/** The keys of the ring that may have signed for this id: exact ids first, then keys without an id. */
export function keysFor(
  keys: readonly ExplainKey[],
  dialect: string,
  keyId: string | null,
): ExplainKey[] {
  const usable = keys.filter((key) => key.dialect === undefined || key.dialect === dialect)
  const exact = usable.filter((key) => key.id !== undefined && key.id === keyId)
  const nameless = usable.filter((key) => key.id === undefined || keyId === null)
  return [...new Set([...exact, ...nameless])].slice(0, MAX_TRIED_KEYS)
}

function tryEncode(text: string): string | null {
  try {
    return percentEncode(text)
  } catch {
    return null
  }
}
