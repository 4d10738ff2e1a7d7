/**
 * Checks a signature by the key its credential names, in a URL or in a form [GCS-V4-SIGNATURES].
 *
 * @module
 */
import { fromHex, utf8 } from '../../lib/bytes.ts'
import { equalText } from '../../lib/constant-time.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import type { PreparedPublicKey, PublicKeyInput } from '../../lib/public-key.ts'
import {
  preparePublicKey,
  signatureLength,
  verifyBytes,
  verifyBytesAsync,
} from '../../lib/public-key.ts'
import type { V4Scope } from '../../lib/v4.ts'
import { joinV4StringToSign } from '../../lib/v4.ts'
import type { V4KeyMemory } from '../../lib/v4-keys.ts'
import { createV4KeyMemory } from '../../lib/v4-keys.ts'
import { SigningError } from '../../errors.ts'
import type { GcsVerificationKey } from './keys.ts'
import type { GcsAlgorithm } from './params.ts'
import { ALGORITHM_HMAC, ALGORITHM_RSA, GCS_SCHEME } from './params.ts'

/** What a signature claims: the part every check needs. */
export interface GcsSignatureClaim {
  readonly credential: { readonly keyId: string; readonly scope: V4Scope }
  readonly algorithm: GcsAlgorithm
  /** A text that was signed as it stands, or what the string to sign of a request is made from. */
  readonly signed: string | GcsHashedRequest
  readonly signature: string
  readonly parameter: string
}

/** A request on its way to being signed. */
export interface GcsHashedRequest {
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string
  readonly canonicalRequestHash: string
}

/** The keys a verifier keeps, as they were derived and read. */
export interface GcsVerifierKeys {
  readonly derived: V4KeyMemory
  readonly publicKey: KeyMemory<PublicKeyInput, PreparedPublicKey>
}

export function createGcsVerifierKeys(): GcsVerifierKeys {
  return {
    derived: createV4KeyMemory(GCS_SCHEME),
    publicKey: createKeyMemory((key: PublicKeyInput) => preparePublicKey(key, 'lookup result')),
  }
}

/** True if the signature is right by this key. @throws {SigningError} `key-unknown`, `algorithm-unsupported`, `signature-malformed` */
export function isRightSignature(
  keys: GcsVerifierKeys,
  claim: GcsSignatureClaim,
  found: GcsVerificationKey | null,
): boolean {
  const check = selectCheck(keys, claim, found)
  if (check.kind === 'hmac') return check.isRight
  return verifyBytes(check.key, 'sha256', check.data, check.signature)
}

/** The same over WebCrypto. */
export async function isRightSignatureAsync(
  keys: GcsVerifierKeys,
  claim: GcsSignatureClaim,
  found: GcsVerificationKey | null,
): Promise<boolean> {
  const check = selectCheck(keys, claim, found)
  if (check.kind === 'hmac') return check.isRight
  return verifyBytesAsync(check.key, 'sha256', check.data, check.signature)
}

/** What is left to be asked of a key. */
type GcsCheck =
  | { readonly kind: 'hmac'; readonly isRight: boolean }
  | {
      readonly kind: 'rsa'
      readonly key: PreparedPublicKey
      readonly data: Uint8Array
      readonly signature: Uint8Array
    }

/**
 * The check the key's own kind asks for. A URL that names another algorithm than its key's is refused: an RSA public
 * key must never be taken for an HMAC secret.
 */
function selectCheck(
  keys: GcsVerifierKeys,
  claim: GcsSignatureClaim,
  found: GcsVerificationKey | null,
): GcsCheck {
  const { algorithm, signature, parameter } = claim
  if (found === null) {
    keys.derived.forget(claim.credential.keyId)
    throw new SigningError('key-unknown', 'no key is known by this id', {
      keyId: claim.credential.keyId.slice(0, 256),
    })
  }
  if (typeof found !== 'object' || !('secret' in found || 'publicKey' in found)) {
    throw new TypeError('lookup must answer with { secret } or { publicKey }')
  }
  const expected = 'secret' in found ? ALGORITHM_HMAC : ALGORITHM_RSA
  if (algorithm !== expected) {
    throw new SigningError('algorithm-unsupported', 'the key is for another algorithm', {
      algorithm,
      supported: [expected],
    })
  }
  if ('secret' in found) {
    if (typeof found.secret !== 'string' || found.secret.length < 16)
      throw new TypeError('lookup must answer with a secret of at least 16 characters')
    const isRight = equalText(computeMac(keys, claim, found.secret), signature)
    if (!isRight) assertHex(signature, 32, parameter)
    return { kind: 'hmac', isRight }
  }
  const key = keys.publicKey(found.publicKey)
  if (key.algorithm !== 'rsa') throw new TypeError('lookup must answer with an RSA public key')
  assertHex(signature, signatureLength(key) ?? 0, parameter)
  const bytes = fromHex(signature) ?? new Uint8Array()
  return { kind: 'rsa', key, data: utf8(stringToSignOf(claim)), signature: bytes }
}

function computeMac(
  { derived }: GcsVerifierKeys,
  { credential, signed }: GcsSignatureClaim,
  secret: string,
): string {
  const signer = derived.signer(credential.keyId, secret, credential.scope)
  return typeof signed === 'string'
    ? signer.key.hex(signed)
    : signer.sign(signed.timestamp, signed.canonicalRequestHash)
}

function stringToSignOf({ algorithm, credential, signed }: GcsSignatureClaim): string {
  if (typeof signed === 'string') return signed
  const { timestamp, canonicalRequestHash } = signed
  return joinV4StringToSign(algorithm, timestamp, credential.scope, canonicalRequestHash)
}

function assertHex(text: string, length: number, parameter: string): void {
  if (text.length === length * 2 && /^[0-9a-f]*$/.test(text)) return
  throw new SigningError('signature-malformed', `${parameter} is not a signature by this key`, {
    parameter,
  })
}
