/**
 * Verifies CloudFront signed URLs and signed cookies: first the signature over the policy, then the policy's time,
 * address and resource. Nothing of a policy is read before its signature holds.
 *
 * @module
 */

import { utf8 } from '../../lib/bytes.ts'
import { parseEpochSeconds } from '../../lib/expiry.ts'
import { isIpInRange, parseIpAddress, parseIpRange } from '../../lib/ip-address.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import type { PreparedPublicKey, PublicKeyInput } from '../../lib/public-key.ts'
import { preparePublicKey, verifyBytes, verifyBytesAsync } from '../../lib/public-key.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, LIST } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { CloudFrontHashAlgorithm } from './params.ts'
import { HASHES } from './params.ts'
import { coversUrl, parseCloudFrontPolicy } from './policy.ts'
import type { SignedRequest } from './signed-request.ts'
import { readCookieRequest, readUrlRequest } from './signed-request.ts'
import type { CloudFrontPolicy } from './string-to-sign.ts'
import { formatCannedPolicy } from './string-to-sign.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

/** The rules of a verifier. */
export interface CloudFrontVerifierOptions extends ClockOptions {
  /** The public key with this id, or `null`. The algorithm comes from the key, never from the URL. */
  readonly lookup: (keyPairId: string) => PublicKeyInput | null
  /** The hashes taken. Both by default, as CloudFront does; `['SHA256']` shuts out SHA-1. */
  readonly hashAlgorithms?: readonly CloudFrontHashAlgorithm[]
}

/** The asynchronous twin, whose look-up may wait. */
export interface CloudFrontAsyncVerifierOptions extends Omit<CloudFrontVerifierOptions, 'lookup'> {
  readonly lookup: (keyPairId: string) => PublicKeyInput | null | Promise<PublicKeyInput | null>
}

/** What {@link verifyCloudFront} needs. */
export type VerifyCloudFrontOptions = CloudFrontVerifierOptions

/** What {@link verifyCloudFrontAsync} needs. */
export type VerifyCloudFrontAsyncOptions = CloudFrontAsyncVerifierOptions

/** What a valid signature says. CloudFront binds no method: which are allowed is the caller's rule. */
export interface VerifiedCloudFront {
  readonly keyPairId: string
  readonly kind: 'canned' | 'custom'
  readonly hashAlgorithm: CloudFrontHashAlgorithm
  /** The URL without CloudFront's parameters, as it was matched. */
  readonly url: string
  /** What the policy covers; `null` if it names nothing, which covers everything. */
  readonly resource: string | null
  readonly expiresAt: Date
  readonly startsAt: Date | null
  readonly ip: string | null
}

/** Verifies request after request. It keeps the keys it was given, as they were read. */
export interface CloudFrontVerifier {
  /** See {@link verifyCloudFront}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedCloudFront
  /** See {@link verifyCloudFrontCookies}. */
  readonly verifyCookies: (request: RawRequest, facts?: ClockOptions) => VerifiedCloudFront
}

/** The same over WebCrypto. */
export interface CloudFrontAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedCloudFront>
  readonly verifyCookies: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedCloudFront>
}

const KNOWN: OptionTable<CloudFrontVerifierOptions> = {
  lookup: CALL,
  hashAlgorithms: LIST,
  now: true,
}

/** A verifier for as long as its rules hold: a server makes one and keeps it. */
export function createCloudFrontVerifier(options: CloudFrontVerifierOptions): CloudFrontVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keyOf = createVerifierKeys()
  function verifySigned(
    signed: SignedRequest,
    request: RawRequest,
    facts: ClockOptions | undefined,
  ): VerifiedCloudFront {
    const check = prepareCheck(signed, options)
    const key = toKey(keyOf, lookupAnswer(options.lookup(signed.keyPairId)), signed.keyPairId)
    if (!verifyBytes(key, HASHES[check.hashAlgorithm], utf8(check.text), signed.signature)) {
      throw mismatch()
    }
    return grantOf(check, signed, request, resolveCallTime(facts, options.now))
  }
  return {
    verify: (request, facts) => verifySigned(readUrlRequest(request), request, facts),
    verifyCookies: (request, facts) => verifySigned(readCookieRequest(request), request, facts),
  }
}

/** The asynchronous twin of {@link createCloudFrontVerifier}. */
export function createCloudFrontAsyncVerifier(
  options: CloudFrontAsyncVerifierOptions,
): CloudFrontAsyncVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keyOf = createVerifierKeys()
  async function verifySigned(
    signed: SignedRequest,
    request: RawRequest,
    facts: ClockOptions | undefined,
  ): Promise<VerifiedCloudFront> {
    const check = prepareCheck(signed, options)
    const key = toKey(keyOf, lookupAnswer(await options.lookup(signed.keyPairId)), signed.keyPairId)
    const hash = HASHES[check.hashAlgorithm]
    if (!(await verifyBytesAsync(key, hash, utf8(check.text), signed.signature))) throw mismatch()
    return grantOf(check, signed, request, resolveCallTime(facts, options.now))
  }
  return {
    verify: async (request, facts) => verifySigned(readUrlRequest(request), request, facts),
    verifyCookies: async (request, facts) =>
      verifySigned(readCookieRequest(request), request, facts),
  }
}

type VerifierKeys = KeyMemory<PublicKeyInput, PreparedPublicKey>

function createVerifierKeys(): VerifierKeys {
  return createKeyMemory((key: PublicKeyInput) => preparePublicKey(key, 'lookup result'))
}

/**
 * What the signed URL grants. The parameters are read from the query alone; cookies are not looked at.
 *
 * @throws {SigningError} `signature-missing`, `parameter-missing`, `parameter-duplicate`, `parameter-malformed`,
 * `credentials-ambiguous`, `algorithm-unsupported`, `key-unknown`, `signature-malformed`, `signature-mismatch`,
 * `policy-malformed`, `signature-expired`, `signature-not-yet-valid`, `ip-not-allowed`, `resource-mismatch`
 */
export function verifyCloudFront(
  request: RawRequest,
  options: VerifyCloudFrontOptions,
): VerifiedCloudFront {
  return createCloudFrontVerifier(options).verify(request)
}

/** The same over WebCrypto. */
export function verifyCloudFrontAsync(
  request: RawRequest,
  options: VerifyCloudFrontAsyncOptions,
): Promise<VerifiedCloudFront> {
  return createCloudFrontAsyncVerifier(options).verify(request)
}

/**
 * What the signed cookies grant. A request that carries CloudFront's parameters in its query too is refused:
 * CloudFront would go by the query [CLOUDFRONT-COOKIES].
 */
export function verifyCloudFrontCookies(
  request: RawRequest,
  options: VerifyCloudFrontOptions,
): VerifiedCloudFront {
  return createCloudFrontVerifier(options).verifyCookies(request)
}

/** The same over WebCrypto. */
export function verifyCloudFrontCookiesAsync(
  request: RawRequest,
  options: VerifyCloudFrontAsyncOptions,
): Promise<VerifiedCloudFront> {
  return createCloudFrontAsyncVerifier(options).verifyCookies(request)
}

interface Check {
  readonly hashAlgorithm: CloudFrontHashAlgorithm
  readonly text: string
  /** Set for a canned policy, whose conditions come from the URL. */
  readonly canned: CloudFrontPolicy | null
}

function prepareCheck(
  signed: SignedRequest,
  options: { readonly hashAlgorithms?: readonly CloudFrontHashAlgorithm[] },
): Check {
  const hashAlgorithm = signed.hashAlgorithm(options.hashAlgorithms ?? ['SHA1', 'SHA256'])
  if (signed.policyText !== null) return { hashAlgorithm, text: signed.policyText, canned: null }
  const expires = parseEpochSeconds(signed.expires ?? '', 'Expires')
  return {
    hashAlgorithm,
    text: formatCannedPolicy(signed.url, expires),
    canned: { resource: signed.url, expires, starts: null, ip: null },
  }
}

function toKey(
  keyOf: VerifierKeys,
  found: PublicKeyInput | null,
  keyPairId: string,
): PreparedPublicKey {
  if (found === null) {
    throw new SigningError('key-unknown', 'no key is known by this id', { keyId: keyPairId })
  }
  const key = keyOf(found)
  if (key.algorithm === 'ed25519') {
    throw new SigningError('algorithm-unsupported', 'CloudFront takes no Ed25519 keys', {
      algorithm: key.algorithm,
      supported: ['rsa', 'ecdsa-p256'],
    })
  }
  return key
}

function grantOf(
  check: Check,
  signed: SignedRequest,
  request: RawRequest,
  now: Date,
): VerifiedCloudFront {
  const policy = check.canned ?? parseCloudFrontPolicy(check.text)
  assertInTime(policy, now)
  assertAddress(policy.ip, request.clientIp)
  if (!coversUrl(policy.resource, signed.url)) {
    throw new SigningError('resource-mismatch', 'the policy does not cover this URL', {
      reason: 'the Resource of the policy does not match the URL',
    })
  }
  return {
    keyPairId: signed.keyPairId,
    kind: check.canned === null ? 'custom' : 'canned',
    hashAlgorithm: check.hashAlgorithm,
    url: signed.url,
    resource: policy.resource,
    expiresAt: new Date(policy.expires * 1000),
    startsAt: policy.starts === null ? null : new Date(policy.starts * 1000),
    ip: policy.ip,
  }
}

// DateLessThan: at the second named the URL has ended. DateGreaterThan is the first second that counts.
function assertInTime({ expires, starts }: CloudFrontPolicy, now: Date): void {
  if (now.getTime() >= expires * 1000) {
    throw new SigningError('signature-expired', 'the policy has ended', {
      expiredAt: new Date(expires * 1000),
      now,
    })
  }
  if (starts !== null && now.getTime() < starts * 1000) {
    throw new SigningError('signature-not-yet-valid', 'the policy has not begun', {
      validFrom: new Date(starts * 1000),
      now,
    })
  }
}

function assertAddress(allowed: string | null, clientIp: string | undefined): void {
  if (allowed === null) return
  const range = parseIpRange(allowed)
  const address = clientIp === undefined ? null : parseIpAddress(clientIp)
  if (range !== null && address !== null && isIpInRange(address, range)) return
  throw new SigningError('ip-not-allowed', 'the policy is for other client addresses', { allowed })
}

function mismatch(): SigningError<'signature-mismatch'> {
  return new SigningError('signature-mismatch', 'the signature is not of this URL and policy', {
    dialect: 'cloudfront',
  })
}
