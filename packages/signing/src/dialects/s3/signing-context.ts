/**
 * What requests under one key, region and day share when they are signed: the scope, the derived key,
 * the encoded credential. Computed once and kept, because it costs four times the signature.
 *
 * @module
 */
import type { BoundedCache } from '../../lib/bounded-cache.ts'
import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { formatBasicTimestamp } from '../../lib/timestamp.ts'
import type { V4Scope, V4Signer } from '../../lib/v4.ts'
import { createV4Scope, deriveV4Signer } from '../../lib/v4.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, S3_SCHEME, UNSIGNED_PAYLOAD } from './params.ts'

/** A key pair, with its token if it is a temporary one. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** Who signs, for where. */
export interface S3Signer {
  readonly credentials: S3Credentials
  readonly region: string
  /** `s3` unless given. */
  readonly service?: string | undefined
}

export interface SigningContext {
  readonly credentials: S3Credentials
  readonly region: string
  readonly service: string
  readonly scope: V4Scope
  readonly signer: V4Signer
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string
  /** `accessKeyId/scope`, not encoded. */
  readonly credential: string
  /** What presigned requests of one life and host share; kept for the ones asked for last. */
  readonly presignParts: (expiresInSeconds: number, host: string) => PresignParts
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

const contexts: BoundedCache<string, SigningContext> = createBoundedCache(1024)

// A key id, region or service with one of these would make another scope, or another header, than it says.
const ACCESS_KEY_ID = /^[\x21-\x2b\x2d\x2e\x30-\x7e]{1,256}$/
const SCOPE_PART = /^[A-Za-z0-9*._-]{1,128}$/

/** The context of this signer at this moment. */
export function signingContext(signer: S3Signer, now: Date): SigningContext {
  const { credentials, region } = signer
  const service = signer.service ?? 's3'
  const timestamp = formatBasicTimestamp(now)
  const known = contexts.get(credentials.accessKeyId)
  if (
    known !== undefined &&
    known.timestamp === timestamp &&
    known.region === region &&
    known.service === service &&
    known.credentials.secretAccessKey === credentials.secretAccessKey &&
    known.credentials.sessionToken === credentials.sessionToken
  ) {
    return known
  }
  const context = createContext(signer, service, timestamp)
  contexts.set(credentials.accessKeyId, context)
  return context
}

/** The signer's parts, each checked; `TypeError` names the one that cannot be used. */
export function checkSigner(signer: S3Signer): void {
  const { accessKeyId, secretAccessKey, sessionToken } = signer.credentials
  if (!ACCESS_KEY_ID.test(accessKeyId)) {
    throw new TypeError('credentials.accessKeyId must be printable ASCII without slash or comma')
  }
  if (typeof secretAccessKey !== 'string' || secretAccessKey === '') {
    throw new TypeError('credentials.secretAccessKey must not be empty')
  }
  if (sessionToken === '') throw new TypeError('credentials.sessionToken must not be empty')
  if (!SCOPE_PART.test(signer.region)) throw new TypeError('region is not one')
  if (!SCOPE_PART.test(signer.service ?? 's3')) throw new TypeError('service is not one')
}

function createContext(signer: S3Signer, service: string, timestamp: string): SigningContext {
  checkSigner(signer)
  const { credentials, region } = signer
  const scope = createV4Scope(S3_SCHEME, timestamp.slice(0, 8), region, service)
  const credential = `${credentials.accessKeyId}/${scope.text}`
  const token =
    credentials.sessionToken === undefined
      ? ''
      : `&X-Amz-Security-Token=${percentEncode(credentials.sessionToken)}`
  return {
    // A copy: the caller's object may change later.
    credentials: { ...credentials },
    region,
    service,
    scope,
    signer: deriveV4Signer(S3_SCHEME, credentials.secretAccessKey, scope),
    timestamp,
    credential,
    presignParts: createPresignParts(credential, timestamp, token),
  }
}

function createPresignParts(
  credential: string,
  timestamp: string,
  encodedToken: string,
): SigningContext['presignParts'] {
  const beforeExpires = `X-Amz-Algorithm=${ALGORITHM_HMAC}&X-Amz-Credential=${percentEncode(credential)}&X-Amz-Date=${timestamp}&X-Amz-Expires=`
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

/** The credential of Version 4A, whose scope has no region, and its string to sign up to the hash. */
export function multiRegionScope(
  signer: S3Signer,
  now: Date,
): { credential: string; timestamp: string; head: string } {
  checkSigner(signer)
  const timestamp = formatBasicTimestamp(now)
  const scope = `${timestamp.slice(0, 8)}/${signer.service ?? 's3'}/${S3_SCHEME.terminal}`
  return {
    credential: `${signer.credentials.accessKeyId}/${scope}`,
    timestamp,
    head: `${ALGORITHM_ECDSA}\n${timestamp}\n${scope}\n`,
  }
}
