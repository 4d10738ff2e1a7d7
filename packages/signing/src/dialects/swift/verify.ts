/**
 * Checks Swift TempURLs over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64Url, toBase64Url, toHex } from '../../lib/bytes.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertNotExpired, parseEpochSeconds } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { hasHostBits, isIpInRange, parseIpAddress, parseIpRange } from '../../lib/ip-address.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { headerValues } from '../../lib/raw-headers.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, LIST } from '../../lib/known-options.ts'
import { requireList, requireLookup } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type {
  SwiftAsyncVerifierOptions,
  SwiftDigest,
  SwiftKeys,
  SwiftVerifierOptions,
  VerifiedSwift,
  VerifySwiftAsyncOptions,
  VerifySwiftOptions,
} from './params.ts'
import { createSwiftKeys, DIGEST_BYTES } from './params.ts'
import { formatSwiftPath, formatSwiftText, parseSwiftPath } from './string-to-sign.ts'
import type { SwiftMessage, SwiftPath } from './string-to-sign.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

const DEFAULT_DIGESTS: readonly SwiftDigest[] = ['sha256', 'sha512']

/** Verifies request after request. It keeps its keys as they were read. */
export interface SwiftVerifier {
  /** See {@link verifySwift}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedSwift
}

/** The same, for look-ups that wait. */
export interface SwiftAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedSwift>
}

const KNOWN: OptionTable<SwiftVerifierOptions> = {
  lookup: CALL,
  digests: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createSwiftVerifier(options: SwiftVerifierOptions): SwiftVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keysOf = createSwiftKeys()
  return {
    verify(request, facts) {
      const claim = readClaim(request, options, facts)
      return accept(
        claim,
        lookupAnswer(options.lookup(claim.path.account, claim.path.container)),
        keysOf,
      )
    },
  }
}

/** The asynchronous twin of {@link createSwiftVerifier}. */
export function createSwiftAsyncVerifier(options: SwiftAsyncVerifierOptions): SwiftAsyncVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keysOf = createSwiftKeys()
  return {
    async verify(request, facts) {
      const claim = readClaim(request, options, facts)
      const found = lookupAnswer(await options.lookup(claim.path.account, claim.path.container))
      return accept(claim, found, keysOf)
    },
  }
}

/**
 * What the TempURL of a request opens.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifySwift(request: RawRequest, options: VerifySwiftOptions): VerifiedSwift {
  return createSwiftVerifier(options).verify(request)
}

/** The same answer as {@link verifySwift}, for look-ups that wait. */
export async function verifySwiftAsync(
  request: RawRequest,
  options: VerifySwiftAsyncOptions,
): Promise<VerifiedSwift> {
  return createSwiftAsyncVerifier(options).verify(request)
}

/** What a request says of itself, well formed. */
interface SwiftClaim {
  readonly request: RawRequest
  readonly path: SwiftPath
  readonly digest: SwiftDigest
  readonly hex: string
  readonly message: Omit<SwiftMessage, 'method'>
  readonly prefix: string | null
  readonly now: Date
}

function readClaim(
  request: RawRequest,
  options: Omit<SwiftVerifierOptions, 'lookup'>,
  facts: ClockOptions | undefined,
): SwiftClaim {
  const parameters = readParameters(request)
  const { digest, hex } = readSignature(parameters, options.digests ?? DEFAULT_DIGESTS)
  const expiresSeconds = readTime(parameters)
  const decodedPath = percentDecode(splitTarget(request.target).path) ?? ''
  const path = parseSwiftPath(decodedPath)
  if (path === null) throw malformed('path', 'expected /v1/account/container/object')
  const { temp_url_ip_range: ipRange, temp_url_prefix: prefix } = parameters
  const signedPath = prefix === null ? decodedPath : formatSwiftPath(path, prefix)
  return {
    request,
    path,
    digest,
    hex,
    message: { expiresSeconds, path: signedPath, ipRange },
    prefix,
    now: resolveCallTime(facts, options.now),
  }
}

function accept(
  claim: SwiftClaim,
  answer: readonly string[] | null,
  keysOf: SwiftKeys,
): VerifiedSwift {
  const found = answer ?? []
  requireList(found, 'lookup result')
  const { digest, hex, message, prefix, request } = claim
  const { account, container, object } = claim.path
  if (found.length === 0) {
    throw new SigningError('key-unknown', 'no key is known for this account and container', {
      keyId: `${account}/${container}`,
    })
  }
  const { expiresSeconds, ipRange } = message
  const keys = found.map(keysOf[digest])
  const method = findSignedMethod(request.method, message, { keys, hex })
  if (method === null) {
    if (!/^[0-9a-f]+$/.test(hex)) throw malformedSignature()
    throw new SigningError('signature-mismatch', 'the signature is not of this request', {
      dialect: 'swift',
    })
  }
  assertNotExpired(expiresSeconds, claim.now)
  if (prefix !== null) assertBelow(request, claim.path, prefix)
  if (ipRange !== null) assertAddress(request, ipRange)
  assertNoPointer(request)
  const expiresAt = new Date(expiresSeconds * 1000)
  return { account, container, object, method, prefix, ipRange, digest, expiresAt }
}

/** The method one of the keys has signed for, if the request may be made with it. */
function findSignedMethod(
  method: string,
  message: Omit<SwiftMessage, 'method'>,
  { keys, hex }: { readonly keys: readonly HmacKey[]; readonly hex: string },
): string | null {
  const { expiresSeconds, path, ipRange } = message
  for (const candidate of method === 'HEAD' ? HEAD_METHODS : [method]) {
    const text = formatSwiftText({ method: candidate, expiresSeconds, path, ipRange })
    for (const key of keys) {
      if (equalText(hmacHex(key, text), hex)) return candidate
    }
  }
  return null
}

/** A HEAD is taken with the signature of a method that reads or writes the object anyway. */
const HEAD_METHODS = ['HEAD', 'GET', 'POST', 'PUT']

interface SwiftParameters {
  temp_url_sig: string | null
  temp_url_expires: string | null
  temp_url_prefix: string | null
  temp_url_ip_range: string | null
  filename: string | null
  inline: string | null
}

function readParameters(request: RawRequest): Readonly<SwiftParameters> {
  const all = parseRawQuery(splitTarget(request.target).query ?? '')
  if (all === null) throw malformed('query', 'expected whole escapes of UTF-8')
  const parameters: SwiftParameters = {
    temp_url_sig: null,
    temp_url_expires: null,
    temp_url_prefix: null,
    temp_url_ip_range: null,
    filename: null,
    inline: null,
  }
  for (const { name, value } of all) {
    if (!isControl(name)) continue
    if (parameters[name] !== null) {
      throw new SigningError('parameter-duplicate', `${name} came more than once`, {
        parameter: name,
      })
    }
    parameters[name] = value
  }
  return parameters
}

const CONTROL_NAMES: ReadonlySet<string> = new Set([
  'temp_url_sig',
  'temp_url_expires',
  'temp_url_prefix',
  'temp_url_ip_range',
  'filename',
  'inline',
] satisfies (keyof SwiftParameters)[])

function isControl(name: string): name is keyof SwiftParameters {
  return CONTROL_NAMES.has(name)
}

interface SwiftSignature {
  readonly digest: SwiftDigest
  /** In lower case. */
  readonly hex: string
}

function readSignature(
  parameters: Readonly<SwiftParameters>,
  supported: readonly SwiftDigest[],
): SwiftSignature {
  const text = parameters.temp_url_sig
  if (text === null) {
    throw new SigningError('signature-missing', 'the request carries no temp_url_sig', {
      dialect: 'swift',
    })
  }
  const colon = text.indexOf(':')
  const name = colon === -1 ? digestOfHex(text) : text.slice(0, colon)
  const digest = supported.find((candidate) => candidate === name)
  if (name !== null && digest === undefined) {
    throw new SigningError('algorithm-unsupported', 'the digest is not one that is taken', {
      algorithm: name.slice(0, 16),
      supported,
    })
  }
  const hex = colon === -1 ? text : hexOfBase64(text.slice(colon + 1))
  if (digest === undefined || hex?.length !== DIGEST_BYTES[digest] * 2) {
    throw malformedSignature()
  }
  return { digest, hex }
}

function malformedSignature(): SigningError<'signature-malformed'> {
  return new SigningError('signature-malformed', 'temp_url_sig has not the form of a signature', {
    parameter: 'temp_url_sig',
  })
}

/** The digest whose HMAC has that many lower-case hex digits. */
function digestOfHex(text: string): SwiftDigest | null {
  if (text.length === 64) return 'sha256'
  if (text.length === 128) return 'sha512'
  return text.length === 40 ? 'sha1' : null
}

/** Either alphabet, padded or not; but not both in one text, and no spare bits. */
function hexOfBase64(text: string): string | null {
  const isStandard = /[+/]/.test(text)
  if (isStandard && /[-_]/.test(text)) return null
  const bare = text
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '')
  const bytes = fromBase64Url(bare)
  return bytes !== null && toBase64Url(bytes) === bare ? toHex(bytes) : null
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** The end in epoch seconds, which is what is signed, whichever way it is written. */
function readTime(parameters: Readonly<SwiftParameters>): number {
  const text = parameters.temp_url_expires
  if (text === null) {
    throw new SigningError('parameter-missing', 'the parameter temp_url_expires is missing', {
      parameter: 'temp_url_expires',
    })
  }
  if (!text.endsWith('Z') || !ISO_TIME.test(text)) {
    return parseEpochSeconds(text, 'temp_url_expires')
  }
  const time = new Date(text)
  // `Date` rolls 30 February over to March; the round trip tells.
  const isReal = !Number.isNaN(time.getTime()) && `${time.toISOString().slice(0, 19)}Z` === text
  if (!isReal || time.getTime() < 0)
    throw malformed('temp_url_expires', 'expected a day that exists')
  return time.getTime() / 1000
}

function assertBelow(request: RawRequest, { object }: SwiftPath, prefix: string): void {
  const isFolded = hasDotSegment(object) || hasDotSegment(splitTarget(request.target).path)
  if (object.startsWith(prefix) && !isFolded) return
  throw new SigningError('resource-mismatch', 'the object is not below temp_url_prefix', {
    reason: 'the object does not begin with temp_url_prefix, or has dot segments',
  })
}

function assertAddress(request: RawRequest, ipRange: string): void {
  const range = parseIpRange(ipRange)
  if (range === null || hasHostBits(range)) {
    throw malformed('temp_url_ip_range', 'expected an address or a CIDR range without host bits')
  }
  const address = parseIpAddress(request.clientIp ?? '')
  if (address === null || !isIpInRange(address, range)) {
    throw new SigningError('ip-not-allowed', "the client's address is not in the range", {
      allowed: ipRange,
    })
  }
}

const POINTER_HEADERS = ['x-object-manifest', 'x-symlink-target']

/**
 * An upload must not become a pointer: whoever may write one object could make it stand for any other of the
 * account, and read that through a link for this one.
 */
function assertNoPointer(request: RawRequest): void {
  if (request.method !== 'PUT' && request.method !== 'POST') return
  const names = POINTER_HEADERS.filter((name) => headerValues(request.headers, name).length > 0)
  if (names.length > 0) {
    throw new SigningError('headers-unsigned', 'the upload would point to another object', {
      names,
    })
  }
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
