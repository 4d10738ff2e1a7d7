/**
 * Checks Media CDN tokens over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64Url } from '../../lib/bytes.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertNotExpired, assertStarted, parseEpochSeconds } from '../../lib/expiry.ts'
import { assertBelowPrefix, decodeUrlPrefix } from '../../lib/google-cdn.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { isIpInRange, parseIpAddress, parseIpRange } from '../../lib/ip-address.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { hasDotSegment, matchesWildcard } from '../../lib/path-scope.ts'
import { singleHeader } from '../../lib/raw-headers.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { PreparedPublicKey } from '../../lib/public-key.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, LIST, TEXT } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import type { MediaCdnPublicKey } from './params.ts'
import { prepareMediaCdnPublicKey } from './params.ts'
import type { CheckPlan } from './signature.ts'
import { decodeSignature, mismatch, runCheck, runCheckAsync } from './signature.ts'
import type { TokenField } from './string-to-sign.ts'
import { formatTokenText, fullPathField, headersField } from './string-to-sign.ts'
import { locateToken, malformedToken, parseToken, TOKEN_FIELDS } from './token-fields.ts'
import type { LocatedToken, ParsedToken } from './token-fields.ts'
import type {
  MediaCdnTokenHash,
  MediaCdnTokenSecret,
  MediaCdnTokenVerifierOptions,
  VerifiedMediaCdnToken,
  VerifyMediaCdnTokenOptions,
} from './token-params.ts'
import { prepareTokenSecret } from './token-params.ts'

/** Verifies request after request. It keeps its keys as they were read. */
export interface MediaCdnTokenVerifier {
  /** See {@link verifyMediaCdnToken}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedMediaCdnToken
}

/** The same over WebCrypto. */
export interface MediaCdnTokenAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedMediaCdnToken>
}

interface TokenCheck extends MediaCdnTokenVerifierOptions {
  readonly secretOf: KeyMemory<MediaCdnTokenSecret, HmacKey>
  readonly publicKeyOf: KeyMemory<MediaCdnPublicKey, PreparedPublicKey>
  readonly now: Date
}

const KNOWN: OptionTable<MediaCdnTokenVerifierOptions> = {
  keys: LIST,
  tokenName: TEXT,
  location: TEXT,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createMediaCdnTokenVerifier(
  options: MediaCdnTokenVerifierOptions,
): MediaCdnTokenVerifier {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  const checkAt = createTokenCheck(options)
  return {
    verify(request, facts) {
      const check = checkAt(facts)
      const received = readToken(request, check)
      if (isMac(received)) return acceptMac(request, check, received)
      return runCheck(planCheck(request, check, received))
    },
  }
}

/** The asynchronous twin of {@link createMediaCdnTokenVerifier}. */
export function createMediaCdnTokenAsyncVerifier(
  options: MediaCdnTokenVerifierOptions,
): MediaCdnTokenAsyncVerifier {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  const checkAt = createTokenCheck(options)
  return {
    async verify(request, facts) {
      const check = checkAt(facts)
      const received = readToken(request, check)
      if (isMac(received)) return acceptMac(request, check, received)
      return runCheckAsync(planCheck(request, check, received))
    },
  }
}

function createTokenCheck(
  options: MediaCdnTokenVerifierOptions,
): (facts: ClockOptions | undefined) => TokenCheck {
  const secretOf = createKeyMemory(prepareTokenSecret)
  const publicKeyOf = createKeyMemory(prepareMediaCdnPublicKey)
  return (facts) => ({
    ...options,
    secretOf,
    publicKeyOf,
    now: resolveCallTime(facts, options.now),
  })
}

/**
 * What the token of a request opens.
 *
 * @throws {SigningError} if anything about it is wrong, and for Ed25519 `sync-crypto-unavailable` without `node:crypto`
 */
export function verifyMediaCdnToken(
  request: RawRequest,
  options: VerifyMediaCdnTokenOptions,
): VerifiedMediaCdnToken {
  return createMediaCdnTokenVerifier(options).verify(request)
}

/** The same answer as {@link verifyMediaCdnToken}, over WebCrypto. */
export async function verifyMediaCdnTokenAsync(
  request: RawRequest,
  options: VerifyMediaCdnTokenOptions,
): Promise<VerifiedMediaCdnToken> {
  return createMediaCdnTokenAsyncVerifier(options).verify(request)
}

interface ReceivedToken {
  readonly token: ParsedToken
  readonly located: LocatedToken
  readonly stringToSign: string
}

function readToken(request: RawRequest, options: TokenCheck): ReceivedToken {
  const located = locateToken(request, options)
  const token = parseToken(located.token)
  // Nothing is hidden in most tokens, and then what was sent is what was signed.
  const hasHidden = token.fields.FullPath !== null || token.fields.Headers !== null
  const stringToSign = hasHidden
    ? formatTokenText(signedFields(request, token, located))
    : token.shown
  return { token, located, stringToSign }
}

const MAC = 'hmac='
const SIGNATURE = 'Signature='

function isMac({ token }: ReceivedToken): boolean {
  return token.tail.startsWith(MAC)
}

function planCheck(
  request: RawRequest,
  options: TokenCheck,
  received: ReceivedToken,
): CheckPlan<VerifiedMediaCdnToken> {
  const algorithm = 'ed25519'
  const signature = decodeSignature(received.token.tail.slice(SIGNATURE.length), false)
  const keys = options.keys.flatMap((key) =>
    key.algorithm === algorithm ? [options.publicKeyOf(key.publicKey)] : [],
  )
  if (keys.length === 0) throw unsupported(algorithm, options)
  const { stringToSign } = received
  const finish = (): VerifiedMediaCdnToken => accept(request, options, received, algorithm)
  return { keys, stringToSign, signature, finish }
}

function acceptMac(
  request: RawRequest,
  options: TokenCheck,
  received: ReceivedToken,
): VerifiedMediaCdnToken {
  const mac = received.token.tail.slice(MAC.length)
  const algorithm = hashOf(mac)
  for (const key of options.keys) {
    if (key.algorithm !== algorithm) continue
    if (equalText(hmacHex(options.secretOf(key), received.stringToSign), mac)) {
      return accept(request, options, received, algorithm)
    }
  }
  if (!HEX.test(mac)) throw malformedMac()
  if (!options.keys.some((key) => key.algorithm === algorithm)) {
    throw unsupported(algorithm, options)
  }
  throw mismatch()
}

const HEX = /^[0-9a-f]+$/

/** The hash whose HMAC has that many digits; that they are digits is asked once they turn out to be wrong. */
function hashOf({ length }: string): MediaCdnTokenHash {
  if (length === 64) return 'sha256'
  if (length === 40) return 'sha1'
  throw malformedMac()
}

function malformedMac(): SigningError<'signature-malformed'> {
  return new SigningError('signature-malformed', 'hmac is not 40 or 64 lower-case hex digits', {
    parameter: 'hmac',
  })
}

function unsupported(
  algorithm: string,
  { keys }: TokenCheck,
): SigningError<'algorithm-unsupported'> {
  return new SigningError('algorithm-unsupported', 'no key is given for this kind of token', {
    algorithm,
    supported: [...new Set(keys.map((key) => key.algorithm))],
  })
}

/** The fields as they were signed: what the token hides comes from the request. */
function signedFields(
  request: RawRequest,
  { fields }: ParsedToken,
  { path }: LocatedToken,
): TokenField[] {
  return TOKEN_FIELDS.flatMap((name) => {
    const value = fields[name]
    if (value === null) return []
    if (name === 'FullPath') {
      const field = fullPathField(path)
      if (field === null) throw malformedToken('the path looks like fields of a token')
      return [field]
    }
    return name === 'Headers' ? [signedHeaders(request, value)] : [{ shown: `${name}=${value}` }]
  })
}

function signedHeaders(request: RawRequest, names: string): TokenField {
  const pairs = names.split(',').map((name): readonly [string, string] => {
    const value = singleHeader(request.headers, name.toLowerCase())
    if (value === null) {
      throw new SigningError('header-missing', 'a header the token demands is missing', { name })
    }
    return [name, value]
  })
  const field = headersField(pairs)
  if (field === null) throw malformedToken('a signed header looks like fields of a token')
  return field
}

function accept(
  request: RawRequest,
  options: TokenCheck,
  { token: { fields }, located }: ReceivedToken,
  algorithm: VerifiedMediaCdnToken['algorithm'],
): VerifiedMediaCdnToken {
  const { now } = options
  const expires = parseEpochSeconds(fields.Expires ?? '', 'Expires')
  const starts = fields.Starts === null ? null : parseEpochSeconds(fields.Starts, 'Starts')
  if (starts !== null) assertStarted(starts, now)
  assertNotExpired(expires, now)
  if (fields.IPRanges !== null) assertAddress(request, fields.IPRanges)
  const urlPrefix = fields.URLPrefix === null ? null : decodeUrlPrefix(fields.URLPrefix)
  if (urlPrefix !== null) assertBelowPrefix({ ...request, target: located.path }, urlPrefix)
  const pathGlobs = fields.PathGlobs === null ? null : splitList(fields.PathGlobs)
  if (pathGlobs !== null) assertGlobs(located.path, pathGlobs)
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return {
    algorithm,
    expiresAt: new Date(expires * 1000),
    startsAt: starts === null ? null : new Date(starts * 1000),
    urlPrefix,
    pathGlobs,
    fullPath: fields.FullPath !== null ? splitTarget(located.path).path : null,
    sessionId: fields.SessionID,
    data: fields.Data,
  }
}

function splitList(text: string): string[] {
  return text.includes(',') ? text.split(',') : [text]
}

function assertAddress(request: RawRequest, encoded: string): void {
  const bytes = fromBase64Url(encoded)
  const text = bytes === null ? '' : new TextDecoder().decode(bytes)
  if (!/^[0-9a-fA-F.:/,]+$/.test(text)) throw malformedToken('IPRanges is not base64url of ranges')
  const address = parseIpAddress(request.clientIp ?? '')
  const isInside = text.split(',').some((range) => {
    const parsed = parseIpRange(range)
    return address !== null && parsed !== null && isIpInRange(address, parsed)
  })
  if (!isInside) {
    throw new SigningError('ip-not-allowed', "the client's address is not in the token's ranges", {
      allowed: text,
    })
  }
}

function assertGlobs(path: string, globs: readonly string[]): void {
  if (!hasDotSegment(path) && globs.some((glob) => matchesWildcard(glob, path))) return
  throw new SigningError('resource-mismatch', 'the path fits none of the signed ones', {
    reason: 'the path fits none of PathGlobs, or has dot segments',
  })
}
