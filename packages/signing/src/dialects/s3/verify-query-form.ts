/**
 * The presigned form [SIGV4-QUERY].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { V4Query } from '../../lib/v4-query.ts'
import { checkScope, readCredential } from './credential-scope.ts'
import {
  ALGORITHM_ECDSA,
  MAX_EXPIRES_SECONDS,
  MAX_SKEW_SECONDS,
  UNSIGNED_PAYLOAD,
} from './params.ts'
import { checkPayloadText } from './payload.ts'
import { amzHeader, parseSignedHeaders } from './read-headers.ts'
import { checkAlgorithm, checkRegionSet, checkSignature } from './check-signature.ts'
import type { S3VerifierState } from './verifier-state.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  VerifiedS3Request,
  VerifyS3Options,
} from './verify-types.ts'

export function verifyQueryForm<Key extends S3VerificationKey>(
  reading: S3RequestReading,
  verifier: S3VerifierState<Key>,
  now: Date,
): VerifiedS3Request<Key> {
  const { options } = verifier
  const query = requireAll(reading.query, options)
  const { algorithm, date, signedHeaders, signature } = query
  const signedAt = toDate(verifier.parseTime(date))
  const expiresInSeconds = readExpires(query.expires, options.maxExpiresInSeconds)
  const expiresAt = new Date(signedAt.getTime() + expiresInSeconds * 1000)
  checkTime(signedAt, expiresAt, now, options.maxSkewSeconds ?? MAX_SKEW_SECONDS)
  const credential = readCredential(
    query.credential,
    algorithm,
    'X-Amz-Credential',
    verifier.parseCredential,
  )
  const isEcdsa = algorithm === ALGORITHM_ECDSA
  checkScope(credential.scope, {
    region: isEcdsa ? null : options.region,
    service: options.service ?? 's3',
    day: date.slice(0, 8),
  })
  const region = isEcdsa
    ? checkRegionSet(findPair(query, 'x-amz-region-set'), options.region)
    : credential.scope.region
  const payloadText =
    amzHeader(reading.headers, 'x-amz-content-sha256') ??
    findPair(query, 'x-amz-content-sha256') ??
    options.payloadHash ??
    UNSIGNED_PAYLOAD
  checkPayloadText(payloadText)
  return checkSignature(reading, verifier, {
    form: 'query',
    signedAt,
    expiresAt,
    expiresInSeconds,
    algorithm,
    credential,
    region,
    timestamp: date,
    signedHeaders: parseSignedHeaders(signedHeaders, 'X-Amz-SignedHeaders'),
    signature,
    payloadText,
    sessionToken:
      findPair(query, 'x-amz-security-token') ?? amzHeader(reading.headers, 'x-amz-security-token'),
  })
}

/** A reading that lacks none of the six. */
type CompleteQuery = { readonly [Name in keyof V4Query]: NonNullable<V4Query[Name]> }

/** Refuses an algorithm that is not taken, and a query that lacks one of the six parameters. */
function requireAll(query: V4Query, options: Pick<VerifyS3Options, 'allowSigV4A'>): CompleteQuery {
  if (query.algorithm !== null) checkAlgorithm(query.algorithm, options.allowSigV4A === true)
  if (query.algorithm === null) return refuseMissing('X-Amz-Algorithm')
  if (query.credential === null) return refuseMissing('X-Amz-Credential')
  if (query.signature === null) return refuseMissing('X-Amz-Signature')
  if (query.date === null) return refuseMissing('X-Amz-Date')
  if (query.signedHeaders === null) return refuseMissing('X-Amz-SignedHeaders')
  if (query.expires === null) return refuseMissing('X-Amz-Expires')
  return query as CompleteQuery
}

function refuseMissing(parameter: string): never {
  throw new SigningError('parameter-missing', `the query lacks ${parameter}`, { parameter })
}

function toDate(timeMs: number | null): Date {
  if (timeMs !== null) return new Date(timeMs)
  throw new SigningError('parameter-malformed', 'X-Amz-Date is not a time', {
    parameter: 'X-Amz-Date',
    reason: "expected yyyyMMdd'T'HHmmss'Z'",
  })
}

const NEGATIVE = /^-\d{1,31}$/
const MAX_DIGITS = 32

/** Seconds in plain decimal digits: what else a parser may take for a number is none here. */
function readExpires(text: string, maxExpires: number | undefined): number {
  const seconds = readDigits(text)
  if (seconds === null) {
    throw new SigningError('parameter-malformed', 'X-Amz-Expires is not a number of seconds', {
      parameter: 'X-Amz-Expires',
      reason: NEGATIVE.test(text) ? 'must be non-negative' : 'should be a number',
    })
  }
  const maxSeconds = Math.min(maxExpires ?? MAX_EXPIRES_SECONDS, MAX_EXPIRES_SECONDS)
  if (seconds > maxSeconds) {
    throw new SigningError('expiry-too-long', 'the life of the URL is longer than allowed', {
      seconds,
      maxSeconds,
    })
  }
  return seconds
}

function readDigits(text: string): number | null {
  if (text === '' || text.length > MAX_DIGITS) return null
  let number = 0
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30
    if (digit < 0 || digit > 9) return null
    number = number * 10 + digit
  }
  return number
}

function checkTime(signedAt: Date, expiresAt: Date, now: Date, maxSkewSeconds: number): void {
  if (signedAt.getTime() - now.getTime() > maxSkewSeconds * 1000) {
    throw new SigningError('signature-not-yet-valid', 'the URL is not valid yet', {
      validFrom: signedAt,
      now,
      expiresAt,
    })
  }
  if (now.getTime() >= expiresAt.getTime()) {
    throw new SigningError('signature-expired', 'the URL has expired', {
      expiredAt: expiresAt,
      now,
      signedAt,
    })
  }
}

function findPair(query: V4Query, lowerName: string): string | null {
  for (const [name, value] of query.pairs) {
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return value
  }
  return null
}
