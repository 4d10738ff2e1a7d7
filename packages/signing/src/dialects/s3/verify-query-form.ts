/**
 * The presigned form [SIGV4-QUERY].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { parseBasicTimestamp } from '../../lib/timestamp.ts'
import { checkScope, readQueryCredential, rememberCredential } from './credential-scope.ts'
import {
  ALGORITHM_ECDSA,
  MAX_EXPIRES_SECONDS,
  MAX_SKEW_SECONDS,
  UNSIGNED_PAYLOAD,
} from './params.ts'
import { checkPayloadText } from './payload.ts'
import { amzHeader, parseSignedHeaders } from './read-headers.ts'
import type { S3QueryReading } from './read-query.ts'
import { checkAlgorithm, checkRegionSet, checkSignature } from './check-signature.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  VerifiedS3Request,
  VerifyS3Options,
} from './verify-types.ts'

export function verifyQueryForm<Key extends S3VerificationKey>(
  reading: S3RequestReading,
  options: VerifyS3Options<Key>,
  now: Date,
): VerifiedS3Request<Key> {
  const { query } = reading
  const { algorithm, rawCredential, date, signedHeaders, signature } = requireAll(query, options)
  const signedAt = parseDate(date)
  const expiresInSeconds = readExpires(query.expires ?? '', options.maxExpiresInSeconds)
  const expiresAt = new Date(signedAt.getTime() + expiresInSeconds * 1000)
  checkTime(signedAt, expiresAt, now, options.maxSkewSeconds ?? MAX_SKEW_SECONDS)
  const credential = readQueryCredential(rawCredential, algorithm)
  const isEcdsa = algorithm === ALGORITHM_ECDSA
  checkScope(credential.scope, {
    region: isEcdsa ? null : options.region,
    service: options.service ?? 's3',
    day: date.slice(0, 8),
  })
  if (isEcdsa) checkRegionSet(findPair(query, 'x-amz-region-set'), options.region)
  const payloadText =
    amzHeader(reading.headers, 'x-amz-content-sha256') ??
    findPair(query, 'x-amz-content-sha256') ??
    options.payloadHash ??
    UNSIGNED_PAYLOAD
  checkPayloadText(payloadText)
  const verified = checkSignature(reading, options, {
    form: 'query',
    signedAt,
    expiresAt,
    expiresInSeconds,
    algorithm,
    credential,
    timestamp: date,
    signedHeaders: parseSignedHeaders(signedHeaders, 'X-Amz-SignedHeaders'),
    signature,
    payloadText,
    sessionToken:
      findPair(query, 'x-amz-security-token') ?? amzHeader(reading.headers, 'x-amz-security-token'),
  })
  rememberCredential(rawCredential, credential)
  return verified
}

interface QueryClaim {
  readonly algorithm: string
  readonly rawCredential: string
  readonly date: string
  readonly signedHeaders: string
  readonly signature: string
}

/** All six parameters, the algorithm being one that is taken. */
function requireAll(
  query: S3QueryReading,
  options: Pick<VerifyS3Options, 'allowSigV4A'>,
): QueryClaim {
  const { algorithm, rawCredential, date, expires, signedHeaders, signature } = query
  if (algorithm !== null) checkAlgorithm(algorithm, options.allowSigV4A === true)
  if (algorithm === null) return refuseMissing('X-Amz-Algorithm')
  if (rawCredential === null) return refuseMissing('X-Amz-Credential')
  if (signature === null) return refuseMissing('X-Amz-Signature')
  if (date === null) return refuseMissing('X-Amz-Date')
  if (signedHeaders === null) return refuseMissing('X-Amz-SignedHeaders')
  if (expires === null) return refuseMissing('X-Amz-Expires')
  return { algorithm, rawCredential, date, signedHeaders, signature }
}

function refuseMissing(parameter: string): never {
  throw new SigningError('parameter-missing', `the query lacks ${parameter}`, { parameter })
}

function parseDate(text: string): Date {
  const date = parseBasicTimestamp(text)
  if (date !== null) return date
  throw new SigningError('parameter-malformed', 'X-Amz-Date is not a time', {
    parameter: 'X-Amz-Date',
    reason: "expected yyyyMMdd'T'HHmmss'Z'",
  })
}

const DIGITS = /^\d+$/
const NEGATIVE = /^-\d+$/

/** Seconds in plain decimal digits: what else a parser may take for a number is none here. */
function readExpires(text: string, maxExpires: number | undefined): number {
  if (text.length > 32 || !DIGITS.test(text)) {
    throw new SigningError('parameter-malformed', 'X-Amz-Expires is not a number of seconds', {
      parameter: 'X-Amz-Expires',
      reason:
        text.length <= 32 && NEGATIVE.test(text) ? 'must be non-negative' : 'should be a number',
    })
  }
  const seconds = Number(text)
  const maxSeconds = Math.min(maxExpires ?? MAX_EXPIRES_SECONDS, MAX_EXPIRES_SECONDS)
  if (seconds > maxSeconds) {
    throw new SigningError('expiry-too-long', 'the life of the URL is longer than allowed', {
      seconds,
      maxSeconds,
    })
  }
  return seconds
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

function findPair(query: S3QueryReading, lowerName: string): string | null {
  for (const [name, value] of query.pairs) {
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) return value
  }
  return null
}
