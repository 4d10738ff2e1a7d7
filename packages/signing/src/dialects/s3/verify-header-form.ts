/**
 * The form with an `Authorization` header [SIGV4-HEADER].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { formatBasicTimestamp, parseBasicTimestamp } from '../../lib/timestamp.ts'
import { checkAlgorithm, checkRegionSet, checkSignature } from './check-signature.ts'
import { checkScope, readCredential } from './credential-scope.ts'
import { parseHttpDate } from './http-date.ts'
import { ALGORITHM_ECDSA, EMPTY_SHA256, MAX_SKEW_SECONDS } from './params.ts'
import { checkPayloadText } from './payload.ts'
import { parseS3Authorization } from './read-authorization.ts'
import type { S3HeaderReading } from './read-headers.ts'
import { amzHeader, parseSignedHeaders } from './read-headers.ts'
import type { S3VerifierState } from './verifier-state.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  VerifiedS3Request,
  VerifyS3Options,
} from './verify-types.ts'

export function verifyHeaderForm<Key extends S3VerificationKey>(
  reading: S3RequestReading,
  verifier: S3VerifierState<Key>,
  now: Date,
): VerifiedS3Request<Key> {
  const { options } = verifier
  const { headers } = reading
  const authorization = parseS3Authorization(headers.authorization ?? '')
  const { algorithm, signature } = authorization
  checkAlgorithm(algorithm, options.allowSigV4A === true)
  const credential = readCredential(authorization.credential, algorithm, 'Authorization')
  const signedAt = readDate(headers)
  const timestamp = formatBasicTimestamp(signedAt)
  const isEcdsa = algorithm === ALGORITHM_ECDSA
  checkScope(credential.scope, {
    region: isEcdsa ? null : options.region,
    service: options.service ?? 's3',
    day: timestamp.slice(0, 8),
  })
  const region = isEcdsa
    ? checkRegionSet(amzHeader(headers, 'x-amz-region-set'), options.region)
    : credential.scope.region
  checkSkew(signedAt, now, options.maxSkewSeconds ?? MAX_SKEW_SECONDS)
  const payloadText = readPayloadText(headers, options)
  return checkSignature(reading, verifier, {
    form: 'header',
    signedAt,
    expiresAt: null,
    expiresInSeconds: null,
    algorithm,
    credential,
    region,
    timestamp,
    signedHeaders: parseSignedHeaders(authorization.signedHeaders, 'Authorization'),
    signature,
    payloadText,
    sessionToken: amzHeader(headers, 'x-amz-security-token'),
  })
}

/** `x-amz-date`, else `Date` [SIGV4-HEADER]. */
function readDate(headers: S3HeaderReading): Date {
  const amzDate = amzHeader(headers, 'x-amz-date')
  const text = amzDate ?? headers.date?.trim()
  if (text === undefined || text === '') {
    throw new SigningError('header-missing', 'the request has no time', { name: 'x-amz-date' })
  }
  const date = parseBasicTimestamp(text) ?? (amzDate === null ? parseHttpDate(text) : null)
  if (date !== null) return date
  throw new SigningError('parameter-malformed', 'the time of the request is not one', {
    parameter: amzDate === null ? 'date' : 'x-amz-date',
    reason: "expected yyyyMMdd'T'HHmmss'Z'",
  })
}

function checkSkew(signedAt: Date, now: Date, maxSkewSeconds: number): void {
  if (Math.abs(now.getTime() - signedAt.getTime()) > maxSkewSeconds * 1000) {
    throw new SigningError('time-skewed', 'the clocks of signer and server differ too much', {
      signedAt,
      now,
      maxSkewSeconds,
    })
  }
}

/** S3 asks for the body's hash, or for a keyword in its place; other services compute it themselves. */
function readPayloadText(
  headers: S3HeaderReading,
  options: Pick<VerifyS3Options, 'payloadHash' | 'service'>,
): string {
  const name = 'x-amz-content-sha256'
  const text = amzHeader(headers, name)
  if (text !== null) {
    checkPayloadText(text)
    return text
  }
  if ((options.service ?? 's3') !== 's3') return options.payloadHash ?? EMPTY_SHA256
  throw new SigningError('header-missing', `a signed request needs ${name}`, { name })
}
