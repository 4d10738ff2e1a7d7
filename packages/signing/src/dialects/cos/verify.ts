/**
 * Checks signed URLs of Tencent COS over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertNotExpired, assertStarted, parseEpochSeconds } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { headerValues, requireHost, singleHeader } from '../../lib/raw-headers.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, FLAG } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { CosVerifierOptions, VerifiedCos, VerifyCosOptions } from './params.ts'
import { prepareCosKey, TOKEN_NAME } from './params.ts'
import type { CosPairs } from './string-to-sign.ts'
import { signCosText } from './string-to-sign.ts'
import { lookupAnswer, otherKey, requireTexts } from '../../lib/lookup-answer.ts'

/** Verifies request after request. It keeps its keys as they were read. */
export interface CosVerifier {
  /** See {@link verifyCos}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedCos
}

const KNOWN: OptionTable<CosVerifierOptions> = {
  lookup: CALL,
  allowsUnsigned: FLAG,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createCosVerifier(options: CosVerifierOptions): CosVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const keyOf = createKeyMemory(prepareCosKey)
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
 * What the URL of a request opens.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyCos(request: RawRequest, options: VerifyCosOptions): VerifiedCos {
  return createCosVerifier(options).verify(request)
}

interface Claim {
  readonly secretId: string
  readonly signature: string
  readonly signTime: string
  readonly keyTime: string
  readonly token: string | null
  readonly method: string
  readonly host: string
  readonly path: string
  readonly parameters: CosPairs
  readonly headers: CosPairs
}

interface Rules {
  readonly options: CosVerifierOptions
  readonly keyOf: KeyMemory<string, HmacKey>
  readonly now: Date
}

function readClaim(request: RawRequest, { allowsUnsigned = false }: CosVerifierOptions): Claim {
  if (headerValues(request.headers, 'authorization').length > 0) {
    throw new SigningError('credentials-ambiguous', 'the request has a second authentication', {
      found: ['Authorization', 'q-signature'],
    })
  }
  const { path: rawPath, query: rawQuery } = splitTarget(request.target)
  const query = readQuery(rawQuery ?? '')
  const signature = single(query, 'q-signature')
  if (signature === null) {
    throw new SigningError('signature-missing', 'the URL has no q-signature', { dialect: 'cos' })
  }
  assertAlgorithm(needed(query, 'q-sign-algorithm'))
  const path = percentDecode(rawPath)
  if (path === null) throw malformed('path', 'expected whole escapes of UTF-8')
  const headers = signedHeaders(request, needed(query, 'q-header-list'))
  const parameters = signedParameters(query, needed(query, 'q-url-param-list'))
  if (!allowsUnsigned) assertCovered(query, parameters, headers)
  return {
    secretId: needed(query, 'q-ak'),
    signature,
    signTime: needed(query, 'q-sign-time'),
    keyTime: needed(query, 'q-key-time'),
    token: single(query, TOKEN_NAME),
    method: request.method,
    host: requireHost(request),
    path,
    parameters,
    headers,
  }
}

function accept(claim: Claim, { options, keyOf, now }: Rules): VerifiedCos {
  const { secretId, signature, signTime, keyTime, method, host, path, headers } = claim
  const found = lookupAnswer(options.lookup(secretId))
  if (found === null) {
    throw new SigningError('key-unknown', 'no key is known by this id', { keyId: secretId })
  }
  requireTexts(found, 'secretId', 'secretKey')
  if (found.secretId !== secretId) throw otherKey('secretId')
  const expected = signCosText(keyOf(found.secretKey), keyTime, signTime, claim)
  if (!equalText(expected, signature)) throw refusal(signature)
  if ((found.securityToken ?? null) !== claim.token) {
    throw new SigningError('token-invalid', 'the session token is not that of the key', {
      parameter: TOKEN_NAME,
    })
  }
  const times = [readSpan(signTime, 'q-sign-time'), readSpan(keyTime, 'q-key-time')]
  const start = Math.max(...times.map(([first]) => first))
  const end = Math.min(...times.map(([, last]) => last))
  assertNotExpired(end, now)
  assertStarted(start, now)
  return {
    secretId,
    method,
    host,
    key: path.slice(1),
    signedHeaders: headers.map(([name]) => name),
    startsAt: new Date(start * 1000),
    expiresAt: new Date(end * 1000),
  }
}

function readSpan(text: string, parameter: string): readonly [start: number, end: number] {
  const [start, end, ...others] = text.split(';')
  if (start === undefined || end === undefined || others.length > 0) {
    throw malformed(parameter, 'expected start;end in epoch seconds')
  }
  return [parseEpochSeconds(start, parameter), parseEpochSeconds(end, parameter)]
}

function assertAlgorithm(algorithm: string): void {
  if (algorithm === 'sha1') return
  throw new SigningError('algorithm-unsupported', 'the algorithm is not one COS has', {
    algorithm: algorithm.slice(0, 40),
    supported: ['sha1'],
  })
}

/** In the order of the list, each once. A header that did not come is an error of its own. */
function signedHeaders({ headers }: RawRequest, list: string): CosPairs {
  return namesOf(list).map((name) => {
    const value = singleHeader(headers, name)
    if (value === null) {
      throw new SigningError('header-missing', `the signed header ${name} did not come`, { name })
    }
    return [name, value.trim()] as const
  })
}

function signedParameters(query: CosPairs, list: string): CosPairs {
  return namesOf(list).map((name) => {
    const found = query.filter(([other]) => other.toLowerCase() === name)
    const [pair] = found
    if (pair === undefined || found.length > 1) {
      throw pair === undefined ? missing(name) : duplicate(name)
    }
    return pair
  })
}

function namesOf(list: string): string[] {
  if (list === '') return []
  const names = list.split(';').map((name) => percentDecode(name) ?? name)
  if (new Set(names).size < names.length)
    throw malformed('q-header-list', 'expected each name once')
  return names
}

/** Whatever is not signed could have been put there by anybody. */
function assertCovered(query: CosPairs, parameters: CosPairs, headers: CosPairs): void {
  if (!headers.some(([name]) => name === 'host')) {
    throw new SigningError('headers-unsigned', 'the host is not signed', { names: ['host'] })
  }
  const extra = query.find(
    (pair) => !parameters.includes(pair) && !/^(?:q-|x-cos-security-token$)/.test(pair[0]),
  )
  if (extra !== undefined) throw malformed(extra[0].slice(0, 80), 'expected signed parameters only')
}

function readQuery(text: string): CosPairs {
  const parameters = parseRawQuery(text)
  if (parameters === null) throw malformed('query', 'expected whole escapes of UTF-8')
  return parameters.map(({ name, value }) => [name, value] as const)
}

/** @throws {SigningError} `parameter-duplicate` */
function single(query: CosPairs, name: string): string | null {
  const found = query.filter(([other]) => other === name)
  if (found.length > 1) throw duplicate(name)
  return found[0]?.[1] ?? null
}

function needed(query: CosPairs, name: string): string {
  const value = single(query, name)
  if (value === null) throw missing(name)
  return value
}

function refusal(signature: string): SigningError {
  return /^[0-9a-f]{40}$/.test(signature)
    ? new SigningError('signature-mismatch', 'the signature is not of this request', {
        dialect: 'cos',
      })
    : new SigningError('signature-malformed', 'the signature is not 40 hex digits', {
        parameter: 'q-signature',
      })
}

function missing(parameter: string): SigningError<'parameter-missing'> {
  return new SigningError('parameter-missing', `the URL has no ${parameter}`, { parameter })
}

function duplicate(parameter: string): SigningError<'parameter-duplicate'> {
  return new SigningError('parameter-duplicate', `${parameter} came more than once`, { parameter })
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
