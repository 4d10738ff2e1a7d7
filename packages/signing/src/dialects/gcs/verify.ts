/**
 * Verifies signed URLs of Google Cloud Storage over the bytes that arrived [GCS-V4-SIGNATURES].
 *
 * The order of the checks: form, algorithm, scope, life and time, headers, key, signature.
 *
 * @module
 */

import { equalText } from '../../lib/constant-time.ts'
import { hashHex } from '../../lib/hash.ts'
import type { NameRule } from '../../lib/name-rule.ts'
import { checkNameRule } from '../../lib/name-rule.ts'
import { percentDecode, percentEncodePath } from '../../lib/percent-encode.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, TEXT } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import { parseBasicTimestamp, resolveCallTime } from '../../lib/timestamp.ts'
import { formatV4CanonicalRequest } from '../../lib/v4.ts'
import type { V4QueryReader } from '../../lib/v4-query.ts'
import { createV4QueryReader } from '../../lib/v4-query.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { GcsSignatureClaim } from './check-signature.ts'
import {
  createGcsVerifierKeys,
  isRightSignature,
  isRightSignatureAsync,
} from './check-signature.ts'
import { readAlgorithm, readCredential } from './credential.ts'
import type { GcsVerificationKey } from './keys.ts'
import type { GcsAlgorithm } from './params.ts'
import {
  malformed,
  MAX_EXPIRES_SECONDS,
  MAX_SKEW_SECONDS,
  QUERY_NAMES,
  UNSIGNED_PAYLOAD,
} from './params.ts'
import { readGcsHeaders } from './signed-headers.ts'
import { requireGcsQuery } from './signed-query.ts'
import { sha256 } from '../../lib/sha256.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

/** What a verifier knows of one request beside its bytes. */
export interface GcsRequestFacts extends ClockOptions {
  /** SHA-256 of the body in hex, to be compared if the URL is bound to one. */
  readonly bodySha256?: string
}

/** The rules of a verifier. */
export interface GcsVerifierOptions extends ClockOptions {
  /** The key of a service account's e-mail address or an access id, or `null`. It decides the algorithm. */
  readonly lookup: (keyId: string) => GcsVerificationKey | null
  /** The locations the scope may name: one, several, or a function. Any, unless given; `auto` always fits. */
  readonly location?: NameRule | undefined
}

/** The asynchronous twin, whose look-up may wait. */
export interface GcsAsyncVerifierOptions extends Omit<GcsVerifierOptions, 'lookup'> {
  readonly lookup: (keyId: string) => GcsVerificationKey | null | Promise<GcsVerificationKey | null>
}

/** What {@link verifyGcs} needs. */
export interface VerifyGcsOptions extends GcsVerifierOptions, GcsRequestFacts {}

/** What {@link verifyGcsAsync} needs. */
export interface VerifyGcsAsyncOptions extends GcsAsyncVerifierOptions, GcsRequestFacts {}

/** Verifies request after request. It keeps the keys it derives and reads. */
export interface GcsVerifier {
  /** See {@link verifyGcs}. */
  readonly verify: (request: RawRequest, facts?: GcsRequestFacts) => VerifiedGcs
}

/** The same over WebCrypto. */
export interface GcsAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: GcsRequestFacts) => Promise<VerifiedGcs>
}

const KNOWN: OptionTable<VerifyGcsOptions> = {
  lookup: CALL,
  location: true,
  bodySha256: TEXT,
  now: true,
}

/** A verifier for as long as its rules hold: a server makes one and keeps it. */
export function createGcsVerifier(options: GcsVerifierOptions): GcsVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keys = createGcsVerifierKeys()
  const readQuery = createV4QueryReader(QUERY_NAMES)
  const location = checkLocation(options.location)
  function verify(request: RawRequest, facts: GcsRequestFacts = {}): VerifiedGcs {
    const claim = readClaim(request, {
      readQuery,
      location,
      now: resolveCallTime(facts, options.now),
    })
    const isRight = isRightSignature(
      keys,
      claim,
      lookupAnswer(options.lookup(claim.credential.keyId)),
    )
    return conclude(claim, isRight, facts)
  }
  return { verify }
}

/** The asynchronous twin of {@link createGcsVerifier}. */
export function createGcsAsyncVerifier(options: GcsAsyncVerifierOptions): GcsAsyncVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keys = createGcsVerifierKeys()
  const readQuery = createV4QueryReader(QUERY_NAMES)
  const location = checkLocation(options.location)
  async function verify(request: RawRequest, facts: GcsRequestFacts = {}): Promise<VerifiedGcs> {
    const claim = readClaim(request, {
      readQuery,
      location,
      now: resolveCallTime(facts, options.now),
    })
    const key = lookupAnswer(await options.lookup(claim.credential.keyId))
    return conclude(claim, await isRightSignatureAsync(keys, claim, key), facts)
  }
  return { verify }
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
  return createGcsVerifier(options).verify(request, options)
}

/** The same over WebCrypto. */
export async function verifyGcsAsync(
  request: RawRequest,
  options: VerifyGcsAsyncOptions,
): Promise<VerifiedGcs> {
  return createGcsAsyncVerifier(options).verify(request, options)
}

/** @throws {TypeError} for a rule that is none */
export function checkLocation(location: NameRule | undefined): NameRule | undefined {
  return location === undefined ? undefined : checkNameRule(location, 'location')
}

interface Claim extends GcsSignatureClaim {
  readonly grant: VerifiedGcs
}

interface Rules {
  readonly readQuery: V4QueryReader
  readonly location: NameRule | undefined
  readonly now: Date
}

function readClaim(request: RawRequest, rules: Rules): Claim {
  const { path: rawPath, query: rawQuery } = splitTarget(request.target)
  const query = requireGcsQuery(rules.readQuery(rawQuery))
  const { date: timestamp, pairs, signature, signedHeaders } = query
  const algorithm = readAlgorithm(query.algorithm)
  const signedAt = parseBasicTimestamp(timestamp)
  if (signedAt === null) throw malformed('X-Goog-Date', "expected yyyyMMdd'T'HHmmss'Z'")
  const credential = readCredential(
    query.credential,
    timestamp,
    rules.location,
    'X-Goog-Credential',
  )
  const expiresAt = readEnd(query.expires, signedAt)
  assertInTime(signedAt, expiresAt, rules.now)
  const headers = readGcsHeaders(request, signedHeaders, pairs)
  const path = percentDecode(rawPath)
  if (path === null || !path.startsWith('/'))
    throw malformed('path', 'expected escapes of UTF-8 text')
  const canonicalRequest = formatV4CanonicalRequest({
    method: request.method,
    path: percentEncodePath(path),
    query: query.canonicalQuery,
    headerLines: headers.headerLines,
    signedHeaders,
    payloadHash: headers.payloadHash,
  })
  const signed = { timestamp, canonicalRequestHash: hashHex(sha256, canonicalRequest) }
  const grant = {
    keyId: credential.keyId,
    algorithm,
    location: credential.scope.region,
    signedAt,
    expiresAt,
    method: request.method,
    path,
    query: pairs,
    signedHeaders: headers.names,
    payloadHash: headers.payloadHash === UNSIGNED_PAYLOAD ? null : headers.payloadHash,
  }
  return { grant, credential, algorithm, signed, signature, parameter: 'X-Goog-Signature' }
}

function readEnd(text: string, signedAt: Date): Date {
  const seconds = readSeconds(text)
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw new SigningError('expiry-too-long', 'a signed URL lives seven days at most', {
      seconds,
      maxSeconds: MAX_EXPIRES_SECONDS,
    })
  }
  return new Date(signedAt.getTime() + seconds * 1000)
}

const MAX_DIGITS = 16

function readSeconds(text: string): number {
  let seconds = text.length <= MAX_DIGITS && !text.startsWith('0') ? 0 : Number.NaN
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30
    seconds = digit >= 0 && digit <= 9 ? seconds * 10 + digit : Number.NaN
  }
  // Also for an empty text, and whatever is not a number.
  if (!(seconds >= 1)) throw malformed('X-Goog-Expires', 'expected seconds in plain decimal digits')
  return seconds
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

function conclude(
  { grant }: Claim,
  isRight: boolean,
  { bodySha256 }: GcsRequestFacts,
): VerifiedGcs {
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
