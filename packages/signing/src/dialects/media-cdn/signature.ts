/**
 * Signing and checking split from what surrounds them, so that each presigner and verifier is written once and runs
 * both synchronously and over WebCrypto.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64Url, toBase64Url, utf8 } from '../../lib/bytes.ts'
import type { PreparedPrivateKey, PreparedPublicKey } from '../../lib/public-key.ts'
import { signBytes, signBytesAsync, verifyBytes, verifyBytesAsync } from '../../lib/public-key.ts'

/** Something to sign, and what becomes of the signature. */
export interface SigningPlan<Result> {
  readonly key: PreparedPrivateKey
  readonly stringToSign: string
  readonly finish: (signature: Uint8Array) => Result
}

/** A signature to check, and what it opens once it holds. */
export interface CheckPlan<Result> {
  readonly keys: readonly PreparedPublicKey[]
  readonly stringToSign: string
  readonly signature: Uint8Array
  /** Checks everything else; throws, or returns what is open. */
  readonly finish: () => Result
}

// Ed25519 brings its own hash; the library wants one named all the same.
const HASH = 'sha256'

/** Carries a plan out. @throws {SigningError} `sync-crypto-unavailable` without `node:crypto` */
export function runSigning<Result>(plan: SigningPlan<Result>): Result {
  return plan.finish(signBytes(plan.key, HASH, utf8(plan.stringToSign)))
}

/** Carries a plan out over WebCrypto. */
export async function runSigningAsync<Result>(plan: SigningPlan<Result>): Promise<Result> {
  return plan.finish(await signBytesAsync(plan.key, HASH, utf8(plan.stringToSign)))
}

/** Carries a check out. @throws {SigningError} `signature-mismatch`, and whatever `finish` refuses */
export function runCheck<Result>({
  keys,
  stringToSign,
  signature,
  finish,
}: CheckPlan<Result>): Result {
  const data = utf8(stringToSign)
  if (!keys.some((key) => verifyBytes(key, HASH, data, signature))) throw mismatch()
  return finish()
}

/** Carries a check out over WebCrypto. */
export async function runCheckAsync<Result>({
  keys,
  stringToSign,
  signature,
  finish,
}: CheckPlan<Result>): Promise<Result> {
  const data = utf8(stringToSign)
  const answers = await Promise.all(keys.map((key) => verifyBytesAsync(key, HASH, data, signature)))
  if (!answers.includes(true)) throw mismatch()
  return finish()
}

/** The error of a well-formed signature that is not of this request. */
export function mismatch(): SigningError<'signature-mismatch'> {
  return new SigningError('signature-mismatch', 'the signature is not of this request', {
    dialect: 'media-cdn',
  })
}

const SIGNATURE_DIGITS = 86

/**
 * The 64 bytes of a signature in base64url, with both `=` or without any, as the form has it. Spellings with spare
 * bits set are refused: they would give one signature several texts.
 */
export function decodeSignature(text: string, hasPadding: boolean): Uint8Array {
  const bare = hasPadding && text.endsWith('==') ? text.slice(0, -2) : text
  const isComplete = bare.length === SIGNATURE_DIGITS && hasPadding === (bare !== text)
  const bytes = isComplete ? fromBase64Url(bare) : null
  if (bytes === null || toBase64Url(bytes) !== bare) {
    throw new SigningError('signature-malformed', 'Signature is not base64url of 64 bytes', {
      parameter: 'Signature',
    })
  }
  return bytes
}
