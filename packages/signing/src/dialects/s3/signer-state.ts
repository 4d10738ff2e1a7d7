/**
 * What a signer of S3 requests is made of: whose key it signs with and for where, and what it keeps from one request to
 * the next, because that costs four times the signature.
 *
 * @module
 */
import { keepLast } from '../../lib/keep-last.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { formatBasicTimestamp, isDate } from '../../lib/timestamp.ts'
import type { V4Scope } from '../../lib/v4.ts'
import { createV4Scope } from '../../lib/v4.ts'
import type { Clock, ClockOptions } from '../../types.ts'
import type { V4Signer } from '../../lib/v4-keys.ts'
import { deriveV4Signer } from '../../lib/v4-keys.ts'
import type { S3Locator, S3Service } from './endpoint.ts'
import { createS3Locator } from './endpoint.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, S3_SCHEME, UNSIGNED_PAYLOAD } from './params.ts'
import type { SigV4aKeyPair } from './sigv4a.ts'
import { deriveSigV4aKeyPair } from './sigv4a.ts'

/** A key pair, with its token if it is a temporary one. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they end. A URL ends with the credentials that made it, and its `expiresAt` says so. */
  readonly expiration?: Date | undefined
}

/** Who signs, for where. */
export interface S3SignerOptions extends S3Service, ClockOptions {
  /** The key pair, or a function that is asked for it at each signature. */
  readonly credentials: S3Credentials | (() => S3Credentials)
  /** `s3` unless given. */
  readonly service?: string | undefined
}

export interface S3SignerState {
  readonly credentials: S3Credentials
  readonly service: string
  readonly clock: Clock | undefined
  readonly locate: S3Locator
  /** What requests signed in the second of this time share, in milliseconds; that of the last second is kept. */
  readonly momentAt: (nowMs: number) => SigningMoment
  /** The same for Version 4A, whose scope has no region. */
  readonly multiRegionAt: (nowMs: number) => MultiRegionMoment
}

export interface SigningMoment {
  /** Epoch seconds. */
  readonly second: number
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string
  readonly scope: V4Scope
  readonly signer: V4Signer
  /** `accessKeyId/scope`, not encoded. */
  readonly credential: string
  /** What presigned requests of one life and host share; kept for the ones asked for last. */
  readonly presignParts: (expiresInSeconds: number, host: string) => PresignParts
}

export interface MultiRegionMoment {
  readonly second: number
  readonly credential: string
  readonly timestamp: string
  /** The string to sign up to the hash. */
  readonly head: string
  readonly keyPair: SigV4aKeyPair
}

/** The texts from which a presigned request is put together when it signs nothing but its host. */
export interface PresignParts {
  /** The authentication query up to the value of `X-Amz-SignedHeaders`, which follows. */
  readonly queryPrefix: string
  /** The authentication query. */
  readonly query: string
  /** The canonical request from its query on. */
  readonly canonicalTail: string
}

/** The options of a signer whose credentials are at hand. */
export interface S3StateOptions extends S3Service, ClockOptions {
  readonly credentials: S3Credentials
  readonly service?: string | undefined
}

/** The state of a signer with nothing kept yet; `TypeError` names an option that cannot be used. */
export function createSignerState(options: S3StateOptions): S3SignerState {
  checkSigner(options)
  // Copies: the caller's objects may change later.
  const credentials = { ...options.credentials }
  const { addressing, endpoint, now: clock, region, service = 's3' } = options
  const deriveSigner = keepLast((day: string) => {
    const scope = createV4Scope(S3_SCHEME, day, region, service)
    return { scope, signer: deriveV4Signer(S3_SCHEME, credentials.secretAccessKey, scope) }
  })
  let moment: SigningMoment | null = null
  let keyPair: SigV4aKeyPair | null = null

  function momentAt(nowMs: number): SigningMoment {
    const second = Math.floor(nowMs / 1000)
    if (moment === null || moment.second !== second) {
      const timestamp = formatBasicTimestamp(new Date(nowMs))
      const { scope, signer } = deriveSigner(timestamp.slice(0, 8))
      const credential = `${credentials.accessKeyId}/${scope.text}`
      const presignParts = createPresignParts(credential, timestamp, encodeToken(credentials))
      moment = { second, timestamp, scope, signer, credential, presignParts }
    }
    return moment
  }
  function multiRegionAt(nowMs: number): MultiRegionMoment {
    keyPair ??= deriveSigV4aKeyPair(credentials)
    const timestamp = formatBasicTimestamp(new Date(nowMs))
    const scope = `${timestamp.slice(0, 8)}/${service}/${S3_SCHEME.terminal}`
    return {
      second: Math.floor(nowMs / 1000),
      credential: `${credentials.accessKeyId}/${scope}`,
      timestamp,
      head: `${ALGORITHM_ECDSA}\n${timestamp}\n${scope}\n`,
      keyPair,
    }
  }
  const locate = createS3Locator({ addressing, endpoint, region })
  return { credentials, service, clock, locate, momentAt, multiRegionAt }
}

// A key id, region or service with one of these would make another scope, or another header, than it says.
const ACCESS_KEY_ID = /^[\x21-\x2b\x2d\x2e\x30-\x7e]{1,256}$/
const SCOPE_PART = /^[A-Za-z0-9*._-]{1,128}$/

function checkSigner({ credentials, region, service = 's3' }: S3StateOptions): void {
  checkCredentials(credentials)
  checkScopePart(region, 'region', 'eu-west-1')
  checkScopePart(service, 'service', 's3')
}

function checkCredentials(credentials: S3Credentials): void {
  if (typeof credentials !== 'object' || credentials === null) {
    throw new TypeError('credentials must be a key pair, or a function that gives one')
  }
  const { accessKeyId, expiration, secretAccessKey, sessionToken } = credentials
  if (typeof accessKeyId !== 'string' || !ACCESS_KEY_ID.test(accessKeyId)) {
    throw new TypeError('credentials.accessKeyId must be printable ASCII without slash or comma')
  }
  if (typeof secretAccessKey !== 'string' || secretAccessKey === '') {
    throw new TypeError('credentials.secretAccessKey must not be empty')
  }
  if (sessionToken === '') throw new TypeError('credentials.sessionToken must not be empty')
  if (expiration !== undefined && !isDate(expiration)) {
    throw new TypeError('credentials.expiration must be a Date')
  }
}

function checkScopePart(part: string, parameter: string, example: string): void {
  if (typeof part === 'string' && SCOPE_PART.test(part)) return
  throw new TypeError(`${parameter} must be a name such as ${example}`)
}

/** When what is to end in this second of the epoch stops working: not after the credentials. */
export function endOfLife({ credentials }: S3SignerState, second: number): Date {
  const end = second * 1000
  return new Date(Math.min(end, credentials.expiration?.getTime() ?? end))
}

/** The session token as it stands in a query, with what comes before it; empty without one. */
export function encodeToken({ sessionToken }: S3Credentials): string {
  return sessionToken === undefined ? '' : `&X-Amz-Security-Token=${percentEncode(sessionToken)}`
}

/** The authentication query up to the value of `X-Amz-Expires`. */
export function queryUpToExpires(algorithm: string, credential: string, timestamp: string): string {
  return `X-Amz-Algorithm=${algorithm}&X-Amz-Credential=${percentEncode(credential)}&X-Amz-Date=${timestamp}&X-Amz-Expires=`
}

function createPresignParts(
  credential: string,
  timestamp: string,
  encodedToken: string,
): SigningMoment['presignParts'] {
  const beforeExpires = queryUpToExpires(ALGORITHM_HMAC, credential, timestamp)
  let lastExpires = Number.NaN
  let lastHost = ''
  let parts: PresignParts = { queryPrefix: '', query: '', canonicalTail: '' }
  return (expiresInSeconds, host) => {
    if (expiresInSeconds !== lastExpires || host !== lastHost) {
      const queryPrefix = `${beforeExpires}${expiresInSeconds}${encodedToken}&X-Amz-SignedHeaders=`
      const query = flat(`${queryPrefix}host`)
      const canonicalTail = flat(`\n${query}\nhost:${host}\n\nhost\n${UNSIGNED_PAYLOAD}`)
      parts = { queryPrefix, query, canonicalTail }
      lastExpires = expiresInSeconds
      lastHost = host
    }
    return parts
  }
}

/** The same text. Searching it makes the engine join the pieces it is made of, once instead of at every use. */
function flat(text: string): string {
  return text.includes('\0') ? text : text
}
