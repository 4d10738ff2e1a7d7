/**
 * Checks EdgeAuth 2.0 tokens over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertNotExpired, assertStarted, parseEpochSeconds } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacHex } from '../../lib/hmac.ts'
import { isSameAddress, parseIpAddress } from '../../lib/ip-address.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { hasDotSegment, matchesWildcard } from '../../lib/path-scope.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, FLAG, LIST, TEXT } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type {
  AkamaiProperty,
  AkamaiVerifierOptions,
  VerifiedAkamai,
  VerifyAkamaiOptions,
} from './params.ts'
import { AKAMAI_MAC_DIGITS, prepareAkamaiKey, resolveProperty } from './params.ts'
import { toHashedUrl } from './presign.ts'
import { formatAkamaiText } from './string-to-sign.ts'
import { locateToken, malformedToken, parseToken } from './token-fields.ts'
import type { LocatedToken, ParsedToken } from './token-fields.ts'

/** Verifies request after request. It keeps its keys as they were read. */
export interface AkamaiVerifier {
  /** See {@link verifyAkamai}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedAkamai
}

interface AkamaiRules extends AkamaiVerifierOptions {
  readonly property: Required<AkamaiProperty>
  readonly keyOf: KeyMemory<string, HmacKey>
}

const KNOWN: OptionTable<AkamaiVerifierOptions> = {
  keys: LIST,
  algorithm: TEXT,
  salt: TEXT,
  escapeEarly: FLAG,
  tokenName: TEXT,
  coversQuery: FLAG,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createAkamaiVerifier(options: AkamaiVerifierOptions): AkamaiVerifier {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  const property = resolveProperty(options)
  const keyOf = createKeyMemory((key: string) => prepareAkamaiKey(key, property.algorithm))
  const rules = { ...options, property, keyOf }
  return {
    verify: (request, facts) => verifyRequest(request, rules, resolveCallTime(facts, options.now)),
  }
}

/**
 * What the token of a request opens, wherever it is: in the query, a cookie or a header. Two tokens are refused.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyAkamai(request: RawRequest, options: VerifyAkamaiOptions): VerifiedAkamai {
  return createAkamaiVerifier(options).verify(request)
}

function verifyRequest(request: RawRequest, options: AkamaiRules, now: Date): VerifiedAkamai {
  const { property } = options
  const located = locateToken(request, property.tokenName)
  const token = parseToken(located.token)
  assertSignature(token, located, options)
  const { fields } = token
  const expires = parseEpochSeconds(fields.exp ?? '', 'exp')
  const starts = fields.st
  const startSeconds = starts === null ? null : parseEpochSeconds(starts, 'st')
  if (startSeconds !== null) assertStarted(startSeconds, now)
  assertNotExpired(expires, now)
  const ip = decodeField(fields.ip, 'ip', property)
  if (ip !== null) assertAddress(request, ip)
  const acl = decodeAcl(fields.acl, property)
  if (acl !== null) assertAcl(located.path, acl)
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return {
    expiresAt: new Date(expires * 1000),
    startsAt: startSeconds === null ? null : new Date(startSeconds * 1000),
    acl,
    ip,
    sessionId: decodeField(fields.id, 'id', property),
    data: decodeField(fields.data, 'data', property),
  }
}

function assertSignature(token: ParsedToken, located: LocatedToken, options: AkamaiRules): void {
  const { algorithm, salt } = options.property
  const text = formatAkamaiText(token.signedFields, hashedUrl(token, located, options), salt)
  for (const key of options.keys) {
    if (equalText(hmacHex(options.keyOf(key), text), token.mac)) return
  }
  // The property fixes the algorithm; a MAC of another length is of another algorithm, and none of ours.
  if (token.mac.length !== AKAMAI_MAC_DIGITS[algorithm] || !/^[0-9a-f]+$/.test(token.mac)) {
    throw new SigningError('signature-malformed', 'hmac is not hex of the right length', {
      parameter: 'hmac',
    })
  }
  throw new SigningError('signature-mismatch', 'the token is not of this request', {
    dialect: 'akamai',
  })
}

/** The URL that was hashed, or `null` for a token with an ACL. */
function hashedUrl(
  { fields }: ParsedToken,
  { path, ownQuery }: LocatedToken,
  options: AkamaiRules,
): string | null {
  if (fields.acl !== null) return null
  const covered = options.coversQuery === true && ownQuery !== '' ? `${path}?${ownQuery}` : path
  const url = toHashedUrl(covered, options.escapeEarly === true)
  if (url === null) throw malformedToken('the URL has broken escapes')
  return url
}

function decodeField(
  value: string | null,
  name: string,
  property: Required<AkamaiProperty>,
): string | null {
  if (value === null || !property.escapeEarly) return value
  const decoded = percentDecode(value)
  if (decoded === null) throw malformedToken(`${name} has broken escapes`)
  return decoded
}

/** The patterns of an ACL. Some of Akamai's libraries escape it like the other fields, the Node one does not. */
function decodeAcl(
  acl: string | null,
  property: Required<AkamaiProperty>,
): readonly string[] | null {
  if (acl === null) return null
  const isEscaped = property.escapeEarly && /^%2f/i.test(acl)
  const plain = isEscaped ? percentDecode(acl) : acl
  if (plain === null) throw malformedToken('acl has broken escapes')
  return plain.includes('!') ? plain.split('!') : [plain]
}

function assertAddress(request: RawRequest, ip: string): void {
  const allowed = parseIpAddress(ip)
  const actual = parseIpAddress(request.clientIp ?? '')
  if (allowed === null || actual === null || !isSameAddress(allowed, actual)) {
    throw new SigningError('ip-not-allowed', "the client's address is not the token's", {
      allowed: ip,
    })
  }
}

function assertAcl(path: string, acl: readonly string[]): void {
  if (!hasDotSegment(path) && acl.some((pattern) => matchesWildcard(pattern, path))) return
  throw new SigningError('resource-mismatch', 'the path fits none of the signed ones', {
    reason: 'the path fits no pattern of the acl, or has dot segments',
  })
}
