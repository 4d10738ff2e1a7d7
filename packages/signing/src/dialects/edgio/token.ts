/**
 * Opens ectoken v3 tokens [EDGIO-TOKEN].
 *
 * ```text
 * base64url( nonce of 12 bytes, AES-256-GCM( SHA-256(key), rules ), tag of 16 bytes )
 * ```
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64Url, toBase64Url } from '../../lib/bytes.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, LIST } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { decrypt, decryptAsync, NONCE_BYTES, TAG_BYTES } from './cipher.ts'
import type { EdgioKeys, EdgioToken } from './params.ts'
import { toAesKey } from './params.ts'
import { parseEdgioText } from './rules.ts'

/**
 * What a token says, whether it is still good or not. That it opens proves that whoever made it had the key.
 *
 * @throws {SigningError} `signature-malformed`, `signature-mismatch` if no key opens it, `sync-crypto-unavailable`
 * without `node:crypto`, and whatever its rules break
 */
export function decryptEdgioToken(token: string, options: EdgioKeys): EdgioToken {
  const keys = keysOf(options)
  const { nonce, sealed } = splitToken(token)
  for (const key of keys) {
    const plain = decrypt(toAesKey(key), nonce, sealed)
    if (plain !== null) return readPlainText(plain)
  }
  throw mismatch()
}

/** The same answer as {@link decryptEdgioToken}, over WebCrypto. */
export async function decryptEdgioTokenAsync(
  token: string,
  options: EdgioKeys,
): Promise<EdgioToken> {
  const keys = keysOf(options)
  const { nonce, sealed } = splitToken(token)
  const plains = await Promise.all(keys.map((key) => decryptAsync(toAesKey(key), nonce, sealed)))
  const plain = plains.find((found) => found !== null)
  if (plain === undefined || plain === null) throw mismatch()
  return readPlainText(plain)
}

const KNOWN: OptionTable<EdgioKeys> = { keys: LIST }

function keysOf(options: EdgioKeys): EdgioKeys['keys'] {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  return options.keys
}

function splitToken(token: string): { nonce: Uint8Array; sealed: Uint8Array } {
  const bytes = fromBase64Url(token)
  const isToken = bytes !== null && bytes.length > NONCE_BYTES + TAG_BYTES
  // Spare bits in the last digit would give one token several spellings.
  if (!isToken || toBase64Url(bytes) !== token) {
    throw new SigningError(
      'signature-malformed',
      'the token is not base64url of nonce, text, tag',
      {
        parameter: 'token',
      },
    )
  }
  return { nonce: bytes.subarray(0, NONCE_BYTES), sealed: bytes.subarray(NONCE_BYTES) }
}

function readPlainText(plain: Uint8Array): EdgioToken {
  try {
    return parseEdgioText(new TextDecoder('utf-8', { fatal: true }).decode(plain))
  } catch (error) {
    if (error instanceof SigningError) throw error
    throw new SigningError('policy-malformed', 'the token is not UTF-8', {
      reason: 'expected UTF-8 text',
    })
  }
}

function mismatch(): SigningError<'signature-mismatch'> {
  return new SigningError('signature-mismatch', 'no key opens the token', { dialect: 'edgio' })
}
