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
import type { NameRule } from '../../lib/name-rule.ts'
import { allowsName, describeNames } from '../../lib/name-rule.ts'
import { percentDecode, percentEncodePath } from '../../lib/percent-encode.ts'
import type { V4Credential } from '../../lib/v4.ts'
import { canonicalV4HeaderValue, joinV4StringToSign } from '../../lib/v4.ts'
import { ecdsaChunkSignatures, hmacChunkSignatures } from './chunk-signatures.ts'
import { findVerificationKey } from './find-key.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, isHexDigest, UNSIGNED_PAYLOAD } from './params.ts'
import type { S3ChunkSignatures } from './payload.ts'
import { readS3Payload } from './payload.ts'
import { refuseAlgorithm } from './read-authorization.ts'
import type { S3HeaderReading } from './read-headers.ts'
import { amzHeader, HOST_ONLY, signedHeaderLines } from './read-headers.ts'
import type { QueryPair } from '../../lib/v4-query.ts'
import { createSignedQuery } from './signed-query.ts'
import type { SigV4aCheck } from './sigv4a.ts'
import { coversRegion, isSigV4aSignature, regionsOf } from './sigv4a.ts'
import { refuseScope } from './credential-scope.ts'
import { foldS3Path } from './string-to-sign.ts'
import type { S3VerifierState } from './verifier-state.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  VerifiedS3Common,
  VerifiedS3Request,
} from './verify-types.ts'
import { sha256 } from '../../lib/sha256.ts'

/** What a request says of its signature, all of it well formed and in time. */
export interface S3SignatureClaim {
  readonly form: 'query' | 'header'
  readonly signedAt: Date
  /** `null` in the header form, as is the next. */
  readonly expiresAt: Date | null
  readonly expiresInSeconds: number | null
  readonly algorithm: string
  readonly credential: V4Credential
  /** In which the signature counts. */
  readonly region: string
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

/** The region of a version 4A signature's set that counts by the rule; refuses a set without one, and none at all. */
export function checkRegionSet(regionSet: string | null, rule: NameRule): string {
  if (regionSet === null) {
    throw new SigningError('parameter-missing', 'the request names no region set', {
      parameter: 'X-Amz-Region-Set',
    })
  }
  // A function is asked for what the set names, patterns as they stand: no other names are known.
  const found =
    typeof rule === 'function'
      ? regionsOf(regionSet).find((pattern) => allowsName(rule, pattern))
      : [rule].flat().find((region) => coversRegion(regionSet, region))
  return found ?? refuseScope('region', regionSet, describeNames(rule))
}

/** What both forms give back, once the signature is right. */
export function checkSignature<Key extends S3VerificationKey>(
  reading: S3RequestReading,
  verifier: S3VerifierState<Key>,
  claim: S3SignatureClaim,
): VerifiedS3Request<Key> {
  const { options } = verifier
  const { headers, query } = reading
  const host = headers.host
  if (host === null) {
    throw new SigningError('header-missing', 'the request has no Host header', { name: 'host' })
  }
  checkUnsignedHeaders(headers, claim)
  checkConflicts(headers, query.pairs)
  const key = findVerificationKey(verifier, claim.credential.keyId, claim.sessionToken)
  const path = decodePath(reading.rawPath)
  const canonicalPath = options.foldPath === true ? foldS3Path(path) : percentEncodePath(path)
  const canonicalRequest = `${reading.request.method}\n${canonicalPath}\n${query.canonicalQuery}\n${canonicalTail(reading, verifier, claim)}`
  const signingKey = verifySignature(verifier, claim, key, canonicalRequest)
  const result: VerifiedS3Common<Key> & S3ClaimedTime = {
    kind: claim.form,
    signedAt: claim.signedAt,
    expiresAt: claim.expiresAt,
    expiresInSeconds: claim.expiresInSeconds,
    accessKeyId: claim.credential.keyId,
    key,
    region: claim.region,
    method: reading.request.method,
    host,
    path,
    query: createSignedQuery(query.pairs),
    signedHeaders: claim.signedHeaders,
    payload: readS3Payload(claim.payloadText, headers, () => chunkSignatures(claim, signingKey)),
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

/** What follows the query in the canonical request. */
function canonicalTail<Key extends S3VerificationKey>(
  { headers, request }: S3RequestReading,
  { hostTail }: S3VerifierState<Key>,
  { payloadText, signedHeaders }: S3SignatureClaim,
): string {
  if (signedHeaders === HOST_ONLY && payloadText === UNSIGNED_PAYLOAD) {
    return hostTail(headers.host ?? '')
  }
  return `${signedHeaderLines(request.headers, signedHeaders)}\n${signedHeaders.join(';')}\n${payloadText}`
}

/** Throws unless the signature is right; gives the key it was made with. */
function verifySignature<Key extends S3VerificationKey>(
  { ecdsaKeys, keys }: S3VerifierState<Key>,
  claim: S3SignatureClaim,
  key: Key,
  canonicalRequest: string,
): HmacKey | SigV4aCheck {
  const { credential, signature, timestamp } = claim
  const { keyId, scope } = credential
  const hash = hashHex(sha256, canonicalRequest)
  if (claim.algorithm === ALGORITHM_ECDSA) {
    const stringToSign = joinV4StringToSign(ALGORITHM_ECDSA, timestamp, scope, hash)
    const { secretAccessKey } = key
    const isRight = ecdsaKeys.checkOf({ accessKeyId: keyId, secretAccessKey })
    if (isRight(stringToSign, signature)) return isRight
    return refuseSignature(claim, stringToSign, canonicalRequest)
  }
  const signer = keys.signer(keyId, key.secretAccessKey, scope)
  if (equalText(signer.sign(timestamp, hash), signature)) return signer.key
  const stringToSign = joinV4StringToSign(ALGORITHM_HMAC, timestamp, scope, hash)
  return refuseSignature(claim, stringToSign, canonicalRequest)
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
  signingKey: HmacKey | SigV4aCheck,
): S3ChunkSignatures {
  const seed = { timestamp, scope: credential.scope.text, signature }
  return typeof signingKey === 'function'
    ? ecdsaChunkSignatures(signingKey, seed)
    : hmacChunkSignatures(signingKey, seed)
}

function findIgnoringCase(pairs: readonly QueryPair[], lowerName: string): string | null {
  for (const [name, value] of pairs) if (name.toLowerCase() === lowerName) return value
  return null
}
