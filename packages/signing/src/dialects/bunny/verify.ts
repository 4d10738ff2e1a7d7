/**
 * Checks Bunny CDN tokens over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { assertNotExpired } from '../../lib/expiry.ts'
import { parseIpAddress } from '../../lib/ip-address.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, FLAG, LIST, TEXT } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { RawRequest } from '../../types.ts'
import type {
  BunnyFormat,
  BunnyKey,
  BunnyRequestFacts,
  BunnyVerifierOptions,
  VerifiedBunny,
  VerifyBunnyOptions,
} from './params.ts'
import { createBunnyKey } from './params.ts'
import { isBelowTokenPath } from './prefix.ts'
import { formatParameters, isBunnyTime, isBunnyToken } from './string-to-sign.ts'

/** Verifies request after request. It keeps its keys as they were read. */
export interface BunnyVerifier {
  /** See {@link verifyBunny}. */
  readonly verify: (request: RawRequest, facts?: BunnyRequestFacts) => VerifiedBunny
}

const KNOWN: OptionTable<VerifyBunnyOptions> = {
  keys: LIST,
  legacyFormats: LIST,
  legacyBindsIp: FLAG,
  methods: LIST,
  now: true,
  clientCountry: TEXT,
}

/** A verifier for as long as its rules hold. */
export function createBunnyVerifier(options: BunnyVerifierOptions): BunnyVerifier {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  const keyOf = createKeyMemory(createBunnyKey)
  return { verify: (request, facts = {}) => verifyRequest(request, { facts, options, keyOf }) }
}

interface BunnyCheck {
  readonly facts: BunnyRequestFacts
  readonly options: BunnyVerifierOptions
  readonly keyOf: KeyMemory<string, BunnyKey>
}

/**
 * What the token of a request opens, in the query or in the path.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyBunny(request: RawRequest, options: VerifyBunnyOptions): VerifiedBunny {
  return createBunnyVerifier(options).verify(request, options)
}

function verifyRequest(request: RawRequest, { facts, options, keyOf }: BunnyCheck): VerifiedBunny {
  const { token, path, expires, parameters } = readRequest(request)
  const format = formatOf(token, options)
  if (expires === undefined) throw missing('expires')
  if (!isBunnyTime(expires)) throw malformed('expires', 'expected ten digits of epoch seconds')
  const ignoresQuery = parameters.get('token_ignore_params') === 'true'
  const tokenPath = format === 'md5' ? null : (parameters.get('token_path') ?? null)
  const clientIp = boundAddress(request, token, format, options)
  const message = {
    path: tokenPath ?? path,
    expires,
    clientIp,
    parameters: hashedParameters(parameters, ignoresQuery),
  }
  const isOurs = options.keys.some((key) => isBunnyToken(format, keyOf(key), message, token))
  if (!isOurs) {
    if (!DIGITS.test(token)) throw malformedToken()
    throw new SigningError('signature-mismatch', 'the token is not of this request', {
      dialect: 'bunny',
    })
  }
  const expiresSeconds = Number(expires)
  assertNotExpired(expiresSeconds, resolveCallTime(facts, options.now))
  if (tokenPath !== null) assertBelow(request, path, tokenPath)
  const isSigned = format !== 'md5' && !ignoresQuery
  if (isSigned) assertCountry(parameters, facts.clientCountry)
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return {
    format,
    isLegacy: format !== 'hs256',
    expiresAt: new Date(expiresSeconds * 1000),
    path,
    tokenPath,
    isIpBound: clientIp !== null,
    ignoresQuery: !isSigned,
    limitKbps: isSigned ? readLimit(parameters.get('limit')) : null,
  }
}

interface BunnyRequest {
  readonly token: string
  /** Decoded. */
  readonly path: string
  readonly expires: string | undefined
  /** All others. */
  readonly parameters: ReadonlyMap<string, string>
}

const PATH_TOKEN = '/bcdn_token='

function readRequest(request: RawRequest): BunnyRequest {
  const target = splitTarget(request.target)
  const isInPath = target.path.startsWith(PATH_TOKEN)
  const end = isInPath ? target.path.indexOf('/', 1) : 0
  if (end === -1) throw malformed('bcdn_token', 'expected a path after it')
  const inPath = isInPath ? target.path.slice(1, end) : ''
  const path = percentDecode(target.path.slice(end))
  if (path === null) throw malformed('path', 'expected whole escapes of UTF-8')
  const parameters = new Map<string, string>()
  if (isInPath) readParameters(inPath, parameters)
  readParameters(target.query ?? '', parameters)
  const token = parameters.get(isInPath ? 'bcdn_token' : 'token')
  if (token === undefined) {
    throw new SigningError('signature-missing', 'the request carries no token', {
      dialect: 'bunny',
    })
  }
  if (isInPath && parameters.has('token')) {
    throw new SigningError('credentials-ambiguous', 'path and query both carry a token', {
      found: ['path', 'query'],
    })
  }
  const expires = parameters.get('expires')
  for (const name of NEVER_HASHED) parameters.delete(name)
  return { token, path, expires, parameters }
}

function readParameters(query: string, parameters: Map<string, string>): void {
  const list = parseRawQuery(query)
  if (list === null) throw malformed('query', 'expected whole escapes of UTF-8')
  for (const { name, value } of list) {
    if (parameters.has(name)) throw duplicate(name)
    parameters.set(name, value)
  }
}

const DIGITS = /^(?:HS256-(?:1-)?)?[A-Za-z0-9_-]+$/

/** The format by its length; that the digits are digits is asked once they turn out to be wrong. */
function formatByLength(token: string): BunnyFormat | null {
  if (token.startsWith('HS256-')) {
    return token.length === 49 || token.length === 51 ? 'hs256' : null
  }
  return token.length === 43 ? 'sha256' : token.length === 22 ? 'md5' : null
}

function malformedToken(): SigningError<'signature-malformed'> {
  return new SigningError('signature-malformed', 'token has none of the forms of a token', {
    parameter: 'token',
  })
}

function formatOf(token: string, { legacyFormats = [] }: BunnyVerifierOptions): BunnyFormat {
  const format = formatByLength(token)
  if (format === null) throw malformedToken()
  if (format !== 'hs256' && !legacyFormats.includes(format)) {
    throw new SigningError('algorithm-unsupported', 'tokens of this format are not taken', {
      algorithm: format,
      supported: ['hs256', ...legacyFormats],
    })
  }
  return format
}

/** The digits of an HMAC may begin with `1-` as well, so the mark alone does not tell. */
function isMarked(token: string): boolean {
  return token.length === 51 && token.startsWith('HS256-1-')
}

/** The address that is hashed; `null` if the token is not bound to one. */
function boundAddress(
  request: RawRequest,
  token: string,
  format: BunnyFormat,
  options: VerifyBunnyOptions,
): string | null {
  const isBound = format === 'hs256' ? isMarked(token) : options.legacyBindsIp === true
  if (!isBound) return null
  const { clientIp } = request
  if (clientIp === undefined || parseIpAddress(clientIp) === null) {
    throw new SigningError(
      'ip-not-allowed',
      'the token is bound to an address, and none is known',
      {
        allowed: 'the address the token was made for',
      },
    )
  }
  return clientIp
}

const NEVER_HASHED = ['token', 'bcdn_token', 'expires']
const HASHED_ALWAYS = new Set(['token_ignore_params', 'token_path'])

function hashedParameters(parameters: ReadonlyMap<string, string>, ignoresQuery: boolean): string {
  if (parameters.size === 0) return ''
  const hashed = [...parameters].filter(([name]) => !ignoresQuery || HASHED_ALWAYS.has(name))
  const text = formatParameters(hashed)
  if (text === null) throw malformed('query', 'expected no "&" in values and no "=" in names')
  return text
}

function assertBelow(request: RawRequest, path: string, tokenPath: string): void {
  const isBelow = isBelowTokenPath(path, tokenPath)
  if (isBelow && !hasDotSegment(path) && !hasDotSegment(splitTarget(request.target).path)) return
  throw new SigningError('resource-mismatch', 'the path is not below token_path', {
    reason: 'the path is not below token_path, or has dot segments',
  })
}

function assertCountry(
  parameters: ReadonlyMap<string, string>,
  clientCountry: string | undefined,
): void {
  const allowed = parameters.get('token_countries')
  const blocked = parameters.get('token_countries_blocked')
  if (allowed === undefined && blocked === undefined) return
  const isListed = (list: string): boolean =>
    list.split(',').some((country) => country.trim().toUpperCase() === clientCountry)
  const isKnown = clientCountry !== undefined
  const isAllowed = allowed === undefined || (isKnown && isListed(allowed))
  const isClear = blocked === undefined || (isKnown && !isListed(blocked))
  if (!isAllowed || !isClear) {
    throw new SigningError('country-not-allowed', "the client's country is not allowed", {
      allowed: allowed ?? null,
      blocked: blocked ?? null,
    })
  }
}

function readLimit(limit: string | undefined): number | null {
  return limit !== undefined && /^[1-9]\d{0,9}$/.test(limit) ? Number(limit) : null
}

function missing(parameter: string): SigningError<'parameter-missing'> {
  return new SigningError('parameter-missing', `the parameter ${parameter} is missing`, {
    parameter,
  })
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', 'a parameter came more than once', { parameter })
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
