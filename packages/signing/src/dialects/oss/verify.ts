/**
 * Checks signed URLs of Alibaba OSS, version 1, over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertNotExpired, parseEpochSeconds } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { headerValues, requireHost, singleHeader } from '../../lib/raw-headers.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { OssVerifierOptions, VerifiedOss, VerifyOssOptions } from './params.ts'
import { bucketOfServiceHost, OSS_NAMES, prepareOssKey } from './params.ts'
import type { OssPairs } from './string-to-sign.ts'
import { formatOssText } from './string-to-sign.ts'
import { lookupAnswer, otherKey, requireTexts } from '../../lib/lookup-answer.ts'

/** Verifies request after request. It keeps its keys as they were read. */
export interface OssVerifier {
  /** See {@link verifyOss}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedOss
}

const KNOWN: OptionTable<OssVerifierOptions> = {
  lookup: CALL,
  bucketOf: CALL,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createOssVerifier(options: OssVerifierOptions): OssVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keyOf = createKeyMemory(prepareOssKey)
  return {
    verify: (request, facts) =>
      accept(readClaim(request, options), {
        options,
        keyOf,
        now: resolveCallTime(facts, options.now),
      }),
  }
}

/**
 * What the URL of a request opens. Parameters that are no sub-resources are not signed: nothing may be decided by them.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyOss(request: RawRequest, options: VerifyOssOptions): VerifiedOss {
  return createOssVerifier(options).verify(request)
}

interface Claim {
  readonly accessKeyId: string
  readonly signature: string
  readonly expires: string
  readonly token: string | null
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly text: string
}

interface Rules {
  readonly options: OssVerifierOptions
  readonly keyOf: KeyMemory<string, HmacKey>
  readonly now: Date
}

function readClaim(
  request: RawRequest,
  { bucketOf = bucketOfServiceHost }: OssVerifierOptions,
): Claim {
  if (headerValues(request.headers, 'authorization').length > 0) {
    throw new SigningError('credentials-ambiguous', 'the request has a second authentication', {
      found: ['Authorization', OSS_NAMES.signature],
    })
  }
  const { path, query: rawQuery } = splitTarget(request.target)
  const query = readQuery(rawQuery ?? '')
  const signature = single(query, OSS_NAMES.signature)
  if (signature === null) {
    const details = { dialect: 'oss' }
    throw new SigningError('signature-missing', 'the URL has no Signature', details)
  }
  const accessKeyId = needed(query, OSS_NAMES.accessKeyId)
  const expires = needed(query, OSS_NAMES.expires)
  const key = path.startsWith('/') ? percentDecode(path.slice(1)) : null
  if (key === null) throw malformed('path', 'expected a slash, and whole escapes of UTF-8')
  const bucket = bucketOf(requireHost(request))
  if (bucket === null) {
    const reason = 'the host stands for no bucket that is known here'
    throw new SigningError('resource-mismatch', reason, { reason })
  }
  const { method } = request
  const text = formatOssText({
    method,
    contentMd5: singleHeader(request.headers, 'content-md5') ?? '',
    contentType: singleHeader(request.headers, 'content-type') ?? '',
    expires,
    headers: ossHeaders(request),
    bucket,
    key,
    query,
  })
  const token = single(query, OSS_NAMES.token)
  return { accessKeyId, signature, expires, token, method, bucket, key, text }
}

function accept(claim: Claim, { options, keyOf, now }: Rules): VerifiedOss {
  const { accessKeyId, signature, method, bucket, key } = claim
  const found = lookupAnswer(options.lookup(accessKeyId))
  if (found === null) {
    throw new SigningError('key-unknown', 'no key is known by this id', { keyId: accessKeyId })
  }
  requireTexts(found, 'accessKeyId', 'accessKeySecret')
  if (found.accessKeyId !== accessKeyId) throw otherKey('accessKeyId')
  if (!equalText(hmacBase64(keyOf(found.accessKeySecret), claim.text), signature)) {
    throw refusal(signature)
  }
  if ((found.securityToken ?? null) !== claim.token) {
    throw new SigningError('token-invalid', 'the session token is not that of the key', {
      parameter: OSS_NAMES.token,
    })
  }
  const expiresSeconds = parseEpochSeconds(claim.expires, OSS_NAMES.expires)
  assertNotExpired(expiresSeconds, now)
  return { accessKeyId, method, bucket, key, expiresAt: new Date(expiresSeconds * 1000) }
}

function readQuery(text: string): OssPairs {
  const parameters = parseRawQuery(text)
  if (parameters === null) throw malformed('query', 'expected whole escapes of UTF-8')
  return parameters.map(({ name, value }) => [name, value] as const)
}

/** @throws {SigningError} `parameter-duplicate` */
function single(query: OssPairs, name: string): string | null {
  const found = query.filter(([other]) => other === name)
  if (found.length > 1) {
    throw new SigningError('parameter-duplicate', `${name} came more than once`, {
      parameter: name,
    })
  }
  return found[0]?.[1] ?? null
}

function needed(query: OssPairs, name: string): string {
  const value = single(query, name)
  if (value !== null) return value
  throw new SigningError('parameter-missing', `the URL has no ${name}`, { parameter: name })
}

/** Repeated headers are joined, as the service reads them. */
function ossHeaders({ headers }: RawRequest): [string, string][] {
  const found = new Map<string, string>()
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase()
    if (!name.startsWith('x-oss-')) continue
    const value = (headers[index + 1] ?? '').trim()
    const before = found.get(name)
    found.set(name, before === undefined ? value : `${before},${value}`)
  }
  return [...found]
}

function refusal(signature: string): SigningError {
  return /^[A-Za-z0-9+/]{27}=$/.test(signature)
    ? new SigningError('signature-mismatch', 'the signature is not of this request', {
        dialect: 'oss',
      })
    : new SigningError('signature-malformed', 'the signature is not base64 of 20 bytes', {
        parameter: OSS_NAMES.signature,
      })
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
