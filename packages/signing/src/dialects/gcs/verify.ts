/**
 * Verifies signed URLs of Google Cloud Storage over the bytes that arrived [GCS-V4-SIGNATURES].
 *
 * The order of the checks: form, algorithm, scope, life and time, headers, key, signature.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { fromHex, utf8 } from '../../lib/bytes.ts'
import { equalText } from '../../lib/constant-time.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { percentDecode, percentEncodePath } from '../../lib/percent-encode.ts'
import type { PreparedPublicKey } from '../../lib/public-key.ts'
import {
  preparePublicKey,
  signatureLength,
  verifyBytes,
  verifyBytesAsync,
} from '../../lib/public-key.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import { parseBasicTimestamp, resolveNow } from '../../lib/timestamp.ts'
import type { V4Credential, V4Scope } from '../../lib/v4.ts'
import { deriveV4SigningKey, parseV4Credential } from '../../lib/v4.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { GcsVerificationKey } from './keys.ts'
import type { GcsAlgorithm } from './params.ts'
import {
  ALGORITHM_HMAC,
  ALGORITHM_RSA,
  GCS_SCHEME,
  MAX_EXPIRES_SECONDS,
  MAX_SKEW_SECONDS,
  SERVICE,
  UNSIGNED_PAYLOAD,
  malformed,
} from './params.ts'
import { readGcsHeaders } from './signed-headers.ts'
import { readGcsQuery } from './signed-query.ts'
import { formatGcsStringToSign } from './string-to-sign.ts'

/** What a verifier knows of a request beside its bytes. */
export interface VerifyGcsRules {
  /** The verifier's clock; the system's by default. */
  readonly now?: Date
  /** The location the scope must name. Any, unless given; `auto` always fits. */
  readonly location?: string
  /** SHA-256 of the body in hex, to be compared if the URL is bound to one. */
  readonly bodySha256?: string
}

/** What {@link verifyGcs} needs. */
export interface VerifyGcsOptions extends VerifyGcsRules {
  /** The key of a service account's e-mail address or an access id, or `null`. It decides the algorithm. */
  readonly lookup: (keyId: string) => GcsVerificationKey | null
}

/** The asynchronous twin, whose look-up may wait. */
export interface VerifyGcsAsyncOptions extends VerifyGcsRules {
  readonly lookup: (keyId: string) => GcsVerificationKey | null | Promise<GcsVerificationKey | null>
}

/** What a valid signature says. */
export interface VerifiedGcs {
  /** The service account's e-mail address, or the access id of an HMAC key. */
  readonly keyId: string
  readonly algorithm: GcsAlgorithm
  readonly location: string
  readonly signedAt: Date
  readonly expiresAt: Date
  readonly method: string
  /** The decoded path: bucket and object, or the object alone, as the host says. */
  readonly path: string
  /** Parameters beside Google's own, decoded, in order. All are signed. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** In lower case, sorted. */
  readonly signedHeaders: readonly string[]
  /** Hex SHA-256 the body must have; `null` if the URL is bound to none. Compare it unless `bodySha256` was given. */
  readonly payloadHash: string | null
}

/**
 * What the signed URL grants.
 *
 * @throws {SigningError} `signature-missing`, `signature-malformed`, `signature-mismatch`, `signature-expired`,
 * `signature-not-yet-valid`, `expiry-too-long`, `parameter-missing`, `parameter-duplicate`, `parameter-malformed`,
 * `algorithm-unsupported`, `scope-mismatch`, `key-unknown`, `headers-unsigned`, `header-missing`, `header-conflict`,
 * `credentials-ambiguous`, `payload-mismatch`
 */
export function verifyGcs(request: RawRequest, options: VerifyGcsOptions): VerifiedGcs {
  const claim = readClaim(request, options)
  const check = selectCheck(claim, options.lookup(claim.credential.keyId))
  const isRight =
    check.kind === 'hmac'
      ? check.isRight
      : verifyBytes(check.key, 'sha256', check.data, check.signature)
  return conclude(claim, isRight, options)
}

/** The same over WebCrypto. */
export async function verifyGcsAsync(
  request: RawRequest,
  options: VerifyGcsAsyncOptions,
): Promise<VerifiedGcs> {
  const claim = readClaim(request, options)
  const check = selectCheck(claim, await options.lookup(claim.credential.keyId))
  const isRight =
    check.kind === 'hmac'
      ? check.isRight
      : await verifyBytesAsync(check.key, 'sha256', check.data, check.signature)
  return conclude(claim, isRight, options)
}

interface Claim {
  readonly grant: VerifiedGcs
  readonly credential: V4Credential
  readonly algorithm: GcsAlgorithm
  readonly stringToSign: string
  readonly signature: string
  readonly parameter: string
}

function readClaim(request: RawRequest, rules: VerifyGcsRules): Claim {
  const { path: rawPath, query: rawQuery } = splitTarget(request.target)
  const { values, signature, canonical, others } = readGcsQuery(rawQuery)
  const algorithm = readAlgorithm(values['X-Goog-Algorithm'])
  const timestamp = values['X-Goog-Date']
  const signedAt = parseBasicTimestamp(timestamp)
  if (signedAt === null) throw malformed('X-Goog-Date', "expected yyyyMMdd'T'HHmmss'Z'")
  const credential = readCredential(
    values['X-Goog-Credential'],
    timestamp,
    rules.location,
    'X-Goog-Credential',
  )
  const expiresAt = readEnd(values['X-Goog-Expires'], signedAt)
  assertInTime(signedAt, expiresAt, resolveNow(rules.now))
  const signedHeaders = values['X-Goog-SignedHeaders']
  const headers = readGcsHeaders(request, signedHeaders, others)
  const path = percentDecode(rawPath)
  if (path === null || !path.startsWith('/'))
    throw malformed('path', 'expected escapes of UTF-8 text')
  const stringToSign = formatGcsStringToSign(
    { algorithm, timestamp, scope: credential.scope },
    {
      method: request.method,
      path: percentEncodePath(path),
      query: canonical,
      headerLines: headers.headerLines,
      signedHeaders,
      payloadHash: headers.payloadHash,
    },
  )
  const grant = {
    keyId: credential.keyId,
    algorithm,
    location: credential.scope.region,
    signedAt,
    expiresAt,
    method: request.method,
    path,
    query: others,
    signedHeaders: headers.names,
    payloadHash: headers.payloadHash === UNSIGNED_PAYLOAD ? null : headers.payloadHash,
  }
  return { grant, credential, algorithm, stringToSign, signature, parameter: 'X-Goog-Signature' }
}

/** The algorithm, by its exact name. @throws {SigningError} `algorithm-unsupported` */
export function readAlgorithm(text: string): GcsAlgorithm {
  if (text === ALGORITHM_RSA || text === ALGORITHM_HMAC) return text
  throw new SigningError('algorithm-unsupported', 'the algorithm is not one of the two known', {
    algorithm: text.slice(0, 64),
    supported: [ALGORITHM_RSA, ALGORITHM_HMAC],
  })
}

/** The credential, whose scope must be of this day and service. @throws {SigningError} `scope-mismatch` and others */
export function readCredential(
  text: string,
  timestamp: string,
  location: string | undefined,
  parameter: string,
): V4Credential {
  const credential = credentials.get(text) ?? parseCredential(text, parameter)
  const { scope } = credential
  if (!timestamp.startsWith(scope.day) || scope.day.length !== 8) {
    assertScope('date', scope.day, timestamp.slice(0, 8))
  }
  if (location !== undefined && scope.region !== 'auto') {
    assertScope('region', scope.region, location)
  }
  return credential
}

const credentials = createBoundedCache<string, V4Credential>(256)
const MAX_CACHED_LENGTH = 192

function parseCredential(text: string, parameter: string): V4Credential {
  const credential = parseV4Credential(text)
  if (credential === null || hasControl(text)) {
    throw malformed(parameter, 'expected key, day, location, service and goog4_request')
  }
  const { scope } = credential
  assertScope('service', scope.service, SERVICE)
  assertScope('terminal', scope.terminal, GCS_SCHEME.terminal)
  if (!/^[A-Za-z0-9-]{1,64}$/.test(scope.region)) throw malformed(parameter, 'expected a location')
  // Longer ones are read each time, so that nobody fills the cache with them.
  if (text.length <= MAX_CACHED_LENGTH) credentials.set(text, credential)
  return credential
}

// A line feed in the scope would let one signed string mean two scopes.
function hasControl(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(text)
}

function assertScope(
  part: 'date' | 'region' | 'service' | 'terminal',
  actual: string,
  expected: string,
): void {
  if (actual === expected) return
  throw new SigningError('scope-mismatch', `the credential scope has another ${part}`, {
    part,
    actual: actual.slice(0, 64),
    expected,
  })
}

function readEnd(text: string, signedAt: Date): Date {
  if (!/^[1-9]\d{0,15}$/.test(text)) {
    throw malformed('X-Goog-Expires', 'expected seconds in plain decimal digits')
  }
  const seconds = Number(text)
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw new SigningError('expiry-too-long', 'a signed URL lives seven days at most', {
      seconds,
      maxSeconds: MAX_EXPIRES_SECONDS,
    })
  }
  return new Date(signedAt.getTime() + seconds * 1000)
}

function assertInTime(signedAt: Date, expiresAt: Date, now: Date): void {
  if (now.getTime() > expiresAt.getTime()) {
    throw new SigningError('signature-expired', 'the signature has expired', {
      expiredAt: expiresAt,
      now,
    })
  }
  if (now.getTime() < signedAt.getTime() - MAX_SKEW_SECONDS * 1000) {
    throw new SigningError('signature-not-yet-valid', 'the signature is not valid yet', {
      validFrom: signedAt,
      now,
    })
  }
}

/** What is left to be asked of a key. */
export type GcsCheck =
  | { readonly kind: 'hmac'; readonly isRight: boolean }
  | {
      readonly kind: 'rsa'
      readonly key: PreparedPublicKey
      readonly data: Uint8Array
      readonly signature: Uint8Array
    }

/** What a signature claims: the part every check needs. */
export interface GcsSignatureClaim {
  readonly credential: { readonly keyId: string; readonly scope: V4Scope }
  readonly algorithm: GcsAlgorithm
  readonly stringToSign: string
  readonly signature: string
  readonly parameter: string
}

/**
 * The check the key's own kind asks for. A URL that names another algorithm than its key's is refused: an RSA public
 * key must never be taken for an HMAC secret.
 */
export function selectCheck(claim: GcsSignatureClaim, found: GcsVerificationKey | null): GcsCheck {
  const { algorithm, signature, stringToSign, parameter } = claim
  if (found === null) {
    throw new SigningError('key-unknown', 'no key is known by this id', {
      keyId: claim.credential.keyId.slice(0, 256),
    })
  }
  const expected = 'secret' in found ? ALGORITHM_HMAC : ALGORITHM_RSA
  if (algorithm !== expected) {
    throw new SigningError('algorithm-unsupported', 'the key is for another algorithm', {
      algorithm,
      supported: [expected],
    })
  }
  if ('secret' in found) {
    if (found.secret.length < 16)
      throw new TypeError('lookup must answer with a secret that is not empty')
    const key = deriveV4SigningKey(GCS_SCHEME, found.secret, claim.credential.scope)
    const isRight = equalText(hmacHex(key, stringToSign), signature)
    if (!isRight) assertHex(signature, 32, parameter)
    return { kind: 'hmac', isRight }
  }
  const key = preparePublicKey(found.publicKey, 'lookup result')
  if (key.algorithm !== 'rsa') throw new TypeError('lookup must answer with an RSA public key')
  assertHex(signature, signatureLength(key) ?? 0, parameter)
  const bytes = fromHex(signature) ?? new Uint8Array()
  return { kind: 'rsa', key, data: utf8(stringToSign), signature: bytes }
}

function assertHex(text: string, length: number, parameter: string): void {
  if (text.length === length * 2 && /^[0-9a-f]*$/.test(text)) return
  throw new SigningError('signature-malformed', `${parameter} is not a signature by this key`, {
    parameter,
  })
}

function conclude({ grant }: Claim, isRight: boolean, { bodySha256 }: VerifyGcsRules): VerifiedGcs {
  if (!isRight) {
    throw new SigningError('signature-mismatch', 'the signature is not of this request', {
      dialect: 'gcs',
    })
  }
  const { payloadHash } = grant
  const isOtherBody =
    bodySha256 !== undefined &&
    payloadHash !== null &&
    !equalText(payloadHash.toLowerCase(), bodySha256.toLowerCase())
  if (isOtherBody) {
    throw new SigningError('payload-mismatch', 'the body is not the one that was signed', {
      parameter: 'x-goog-content-sha256',
    })
  }
  return grant
}
