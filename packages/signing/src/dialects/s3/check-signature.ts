/**
 * The part of verification that both forms share: headers that must be signed, the key, the token, and at the end
 * the signature over what arrived.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { hashHex } from '../../lib/hash.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { percentDecode, percentEncodePath } from '../../lib/percent-encode.ts'
import type { V4Credential } from '../../lib/v4.ts'
import { canonicalV4HeaderValue, deriveV4Signer } from '../../lib/v4.ts'
import { ecdsaChunkSignatures, hmacChunkSignatures } from './chunk-signatures.ts'
import { findVerificationKey } from './find-key.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, isHexDigest, S3_SCHEME } from './params.ts'
import type { S3ChunkSignatures } from './payload.ts'
import { readS3Payload } from './payload.ts'
import { refuseAlgorithm } from './read-authorization.ts'
import type { S3HeaderReading } from './read-headers.ts'
import { amzHeader, HOST_ONLY, signedHeaderLines } from './read-headers.ts'
import type { QueryPair } from './read-query.ts'
import { createSignedQuery } from './signed-query.ts'
import { coversRegion, isSigV4aSignature, verifySigV4a } from './sigv4a.ts'
import { refuseScope } from './credential-scope.ts'
import { canonicalS3Path } from './string-to-sign.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  VerifiedS3Common,
  VerifiedS3Request,
  VerifyS3Options,
} from './verify-types.ts'

/** What a request says of its signature, all of it well formed and in time. */
export interface S3SignatureClaim {
  readonly form: 'query' | 'header'
  readonly signedAt: Date
  /** `null` in the header form, as is the next. */
  readonly expiresAt: Date | null
  readonly expiresInSeconds: number | null
  readonly algorithm: string
  readonly credential: V4Credential
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
  /** The last line of the canonical request. */
  readonly payloadText: string
  readonly sessionToken: string | null
}

/** Refuses an algorithm that is not taken. */
export function checkAlgorithm(algorithm: string, allowSigV4A: boolean): void {
  if (algorithm === ALGORITHM_HMAC) return
  if (algorithm === ALGORITHM_ECDSA && allowSigV4A) return
  refuseAlgorithm(algorithm, allowSigV4A ? [ALGORITHM_HMAC, ALGORITHM_ECDSA] : [ALGORITHM_HMAC])
}

/** Refuses a version 4A signature whose region set is missing or leaves out the region. */
export function checkRegionSet(regionSet: string | null, region: string): void {
  if (regionSet === null) {
    throw new SigningError('parameter-missing', 'the request names no region set', {
      parameter: 'X-Amz-Region-Set',
    })
  }
  if (!coversRegion(regionSet, region)) refuseScope('region', regionSet, region)
}

/** What both forms give back, once the signature is right. */
export function checkSignature<Key extends S3VerificationKey>(
  reading: S3RequestReading,
  options: VerifyS3Options<Key>,
  claim: S3SignatureClaim,
): VerifiedS3Request<Key> {
  const { headers, query } = reading
  const host = headers.host
  if (host === null) {
    throw new SigningError('header-missing', 'the request has no Host header', { name: 'host' })
  }
  checkUnsignedHeaders(headers, claim)
  checkConflicts(headers, query.pairs)
  const key = findVerificationKey(options.lookup, claim.credential.keyId, claim.sessionToken)
  const path = decodePath(reading.rawPath)
  const canonicalPath =
    options.foldPath === true ? canonicalS3Path(path, true) : percentEncodePath(path)
  const signingKey = verifySignature(reading, claim, key, canonicalPath)
  const result: VerifiedS3Common<Key> & S3ClaimedTime = {
    kind: claim.form,
    signedAt: claim.signedAt,
    expiresAt: claim.expiresAt,
    expiresInSeconds: claim.expiresInSeconds,
    accessKeyId: claim.credential.keyId,
    key,
    region: options.region,
    method: reading.request.method,
    host,
    path,
    query: createSignedQuery(query.pairs),
    signedHeaders: claim.signedHeaders,
    payload: readS3Payload(claim.payloadText, headers, () =>
      chunkSignatures(claim, key, signingKey),
    ),
    amz: (name) => amzHeader(headers, name) ?? findIgnoringCase(query.pairs, name),
  }
  // The forms put together what belongs together: an end in the query form, and none in the other.
  return result as VerifiedS3Request<Key>
}

interface S3ClaimedTime {
  readonly kind: 'query' | 'header'
  readonly expiresAt: Date | null
  readonly expiresInSeconds: number | null
}

/**
 * Whatever an `x-amz-` header asks for, its signer must have asked for; else anybody who holds a URL could add one.
 * The body's hash is exempt, because it stands in the canonical request itself.
 */
function checkUnsignedHeaders(headers: S3HeaderReading, claim: S3SignatureClaim): void {
  const { signedHeaders } = claim
  if (headers.amz.length === 0 && headers.contentMd5 === null && signedHeaders === HOST_ONLY) return
  const signed = new Set(signedHeaders)
  const present = ['host', ...headers.amz.map(([name]) => name)]
  if (headers.contentMd5 !== null && claim.form === 'query') present.push('content-md5')
  const names = present.filter((name) => !signed.has(name) && name !== 'x-amz-content-sha256')
  if (names.length > 0) {
    throw new SigningError('headers-unsigned', 'headers that must be signed are not', {
      names: [...new Set(names)].toSorted(),
    })
  }
}

/** A value that came as header and as parameter must be the same twice [SIGV4-QUERY]. */
function checkConflicts(headers: S3HeaderReading, pairs: readonly QueryPair[]): void {
  if (headers.amz.length === 0 || pairs.length === 0) return
  const hoisted = new Map<string, string>()
  for (const [name, value] of pairs) hoisted.set(name.toLowerCase(), value)
  for (const [name, value] of headers.amz) {
    const other = hoisted.get(name)
    if (other !== undefined && other !== canonicalV4HeaderValue(value)) {
      throw new SigningError('header-conflict', `${name} came twice with two values`, { name })
    }
  }
}

function decodePath(rawPath: string): string {
  const path = percentDecode(rawPath)
  if (path !== null) return path
  throw new SigningError('parameter-malformed', 'the path holds an escape that is not UTF-8', {
    parameter: 'path',
    reason: 'expected percent-encoded UTF-8',
  })
}

/** Text that could not be a signature of anything is another fault than one of something else. */
function refuseMalformed({ algorithm, form, signature }: S3SignatureClaim): void {
  if (algorithm === ALGORITHM_ECDSA ? isSigV4aSignature(signature) : isHexDigest(signature)) return
  throw new SigningError('signature-malformed', 'the signature has not the form of one', {
    parameter: form === 'query' ? 'X-Amz-Signature' : 'Authorization',
  })
}

/** Throws unless the signature is right; gives the key it was made with, `null` for version 4A. */
function verifySignature(
  reading: S3RequestReading,
  claim: S3SignatureClaim,
  key: S3VerificationKey,
  canonicalPath: string,
): HmacKey | null {
  const { credential, signature, signedHeaders } = claim
  const tail =
    signedHeaders === HOST_ONLY
      ? hostOnlyTail(reading.headers.host ?? '', claim.payloadText)
      : `${signedHeaderLines(reading.request.headers, signedHeaders)}\n${signedHeaders.join(';')}\n${claim.payloadText}`
  const canonicalRequest = `${reading.request.method}\n${canonicalPath}\n${reading.query.canonicalQuery}\n${tail}`
  const hash = hashHex('sha256', canonicalRequest)
  if (claim.algorithm === ALGORITHM_ECDSA) {
    const stringToSign = `${ALGORITHM_ECDSA}\n${claim.timestamp}\n${credential.scope.text}\n${hash}`
    if (verifySigV4a(key, stringToSign, signature)) return null
    return refuseSignature(claim, stringToSign, canonicalRequest)
  }
  const signer = deriveV4Signer(S3_SCHEME, key.secretAccessKey, credential.scope)
  if (equalText(signer.sign(claim.timestamp, hash), signature)) return signer.key
  const stringToSign = `${ALGORITHM_HMAC}\n${claim.timestamp}\n${credential.scope.text}\n${hash}`
  return refuseSignature(claim, stringToSign, canonicalRequest)
}

// A server has one name, so what follows the query in a presigned request is mostly what it was the last time.
let lastHost = ''
let lastPayloadText = ''
let lastTail = ''

/** The canonical request after its query, where the host alone is signed. */
function hostOnlyTail(host: string, payloadText: string): string {
  if (host !== lastHost || payloadText !== lastPayloadText) {
    lastTail = `host:${host}\n\nhost\n${payloadText}`
    lastHost = host
    lastPayloadText = payloadText
  }
  return lastTail
}

function refuseSignature(
  claim: S3SignatureClaim,
  stringToSign: string,
  canonicalRequest: string,
): never {
  refuseMalformed(claim)
  throw new SigningError('signature-mismatch', 'the signature is not that of this request', {
    dialect: 's3',
    stringToSign,
    canonicalRequest,
  })
}

/** The means to check the signatures inside the body of a verified request. */
function chunkSignatures(
  { credential, signature, timestamp }: S3SignatureClaim,
  key: S3VerificationKey,
  signingKey: HmacKey | null,
): S3ChunkSignatures {
  const seed = { timestamp, scope: credential.scope.text, signature }
  return signingKey === null
    ? ecdsaChunkSignatures(key, seed)
    : hmacChunkSignatures(signingKey, seed)
}

function findIgnoringCase(pairs: readonly QueryPair[], lowerName: string): string | null {
  for (const [name, value] of pairs) if (name.toLowerCase() === lowerName) return value
  return null
}
