/**
 * Verifies signed HTTP requests [RFC9421 3.2].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { assertNotExpired, assertStarted } from '../../lib/expiry.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, LIST, NUMBER, TEXT } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { HttpVerificationKey } from './params.ts'
import { prepareHttpVerifier } from './params.ts'
import { formatSignatureBase, isComponent } from './signature-base.ts'
import { readSignature, readSignatureInputs } from './signature-input.ts'
import type { SignatureInput } from './signature-input.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

/** The rules of a verifier. */
export interface HttpVerifierOptions extends ClockOptions {
  /** The key of this id, or `null`. */
  readonly lookup: (keyId: string) => HttpVerificationKey | null
  /** What must be signed. Method, authority, path and query unless given: less leaves another request open. */
  readonly required?: readonly string[]
  /** Which signature counts, where a request has several. */
  readonly label?: string
  /** What the signature must be for. */
  readonly tag?: string
  /** How long after it was made a signature counts at most. 300 unless given. */
  readonly maxAgeSeconds?: number
}

/** How to verify one request. */
export type VerifyHttpOptions = HttpVerifierOptions

/** What a verified signature says. */
export interface VerifiedHttp {
  readonly keyId: string
  readonly label: string
  /** What it covers: of a request nothing else was checked. */
  readonly components: readonly string[]
  readonly createdAt: Date
  /** The last moment at which it counts. */
  readonly expiresAt: Date
  readonly nonce: string | null
  readonly tag: string | null
}

/** Verifies request after request. */
export interface HttpVerifier {
  /** See {@link verifyHttpRequest}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedHttp
}

const USUAL: readonly string[] = ['@method', '@authority', '@path', '@query']
/** A clock this far ahead is taken. */
const MAX_SKEW_SECONDS = 30

const KNOWN: OptionTable<HttpVerifierOptions> = {
  lookup: CALL,
  required: LIST,
  label: TEXT,
  tag: TEXT,
  maxAgeSeconds: NUMBER,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createHttpVerifier(options: HttpVerifierOptions): HttpVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  return {
    verify: (request, facts) =>
      verifyRequest(request, options, resolveCallTime(facts, options.now)),
  }
}

/**
 * What the signature of a request covers, and whose it is. A `content-digest` that is covered says nothing of the body
 * until somebody compares it: see `matchesContentDigest`.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyHttpRequest(request: RawRequest, options: VerifyHttpOptions): VerifiedHttp {
  return createHttpVerifier(options).verify(request)
}

function verifyRequest(request: RawRequest, options: HttpVerifierOptions, now: Date): VerifiedHttp {
  const input = choose(readSignatureInputs(request.headers), options)
  const { components, parameters, label, text } = input
  const wrong = components.find((name) => !isComponent(name))
  if (wrong !== undefined) throw malformed('signature-input', `${wrong} is no component known here`)
  assertCovered(components, options.required ?? USUAL)
  const keyId = textOf(parameters, 'keyid')
  if (keyId === null) throw missing('keyid')
  const found = lookupAnswer(options.lookup(keyId))
  if (found === null) {
    throw new SigningError('key-unknown', 'no key is known by this id', { keyId })
  }
  const key = prepareHttpVerifier(found)
  const algorithm = textOf(parameters, 'alg')
  if (algorithm !== null && algorithm !== key.algorithm) {
    throw new SigningError('algorithm-unsupported', 'the key is not of the algorithm named', {
      algorithm: algorithm.slice(0, 40),
      supported: [key.algorithm],
    })
  }
  const signature = readSignature(request.headers, label)
  if (!key.verify(formatSignatureBase(request, components, text), signature)) {
    throw new SigningError('signature-mismatch', 'the signature is not of this request', {
      dialect: 'http-signatures',
    })
  }
  const times = checkTimes(parameters, options.maxAgeSeconds ?? 300, now)
  return {
    keyId,
    label,
    components,
    ...times,
    nonce: textOf(parameters, 'nonce'),
    tag: textOf(parameters, 'tag'),
  }
}

function choose(
  inputs: readonly SignatureInput[],
  { label, tag }: HttpVerifierOptions,
): SignatureInput {
  const fitting = inputs.filter(
    (input) =>
      (label === undefined || input.label === label) &&
      (tag === undefined || input.parameters.get('tag') === tag),
  )
  const [input] = fitting
  if (input === undefined) {
    const details = { dialect: 'http-signatures' }
    throw new SigningError(
      'signature-missing',
      'no signature has the label or tag asked for',
      details,
    )
  }
  if (fitting.length > 1) {
    throw malformed(
      'signature-input',
      'expected one signature: say by label or tag which one counts',
    )
  }
  return input
}

function assertCovered(components: readonly string[], required: readonly string[]): void {
  const names = required.filter(
    (name) => !components.includes(name) && !isImplied(name, components),
  )
  if (names.length === 0) return
  throw new SigningError('headers-unsigned', 'components that must be signed are not', { names })
}

/** Components that hold others [RFC9421 2.2.2, 2.2.5]. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  '@authority': ['@target-uri', 'host'],
  '@scheme': ['@target-uri'],
  '@path': ['@target-uri', '@request-target'],
  '@query': ['@target-uri', '@request-target'],
}

function isImplied(name: string, components: readonly string[]): boolean {
  return (HOLDERS[name] ?? []).some((holder) => components.includes(holder))
}

function checkTimes(
  parameters: SignatureInput['parameters'],
  maxAgeSeconds: number,
  now: Date,
): Pick<VerifiedHttp, 'createdAt' | 'expiresAt'> {
  const created = parameters.get('created')
  if (typeof created !== 'number') throw missing('created')
  const expires = parameters.get('expires')
  if (expires !== undefined && typeof expires !== 'number') {
    throw malformed('expires', 'expected whole epoch seconds')
  }
  assertStarted(created - MAX_SKEW_SECONDS, now)
  const end = Math.min(created + maxAgeSeconds, expires ?? Infinity)
  assertNotExpired(end, now)
  return { createdAt: new Date(created * 1000), expiresAt: new Date(end * 1000) }
}

function textOf(parameters: SignatureInput['parameters'], name: string): string | null {
  const value = parameters.get(name)
  return typeof value === 'string' ? value : null
}

function missing(parameter: string): SigningError<'parameter-missing'> {
  return new SigningError('parameter-missing', `the signature does not say its ${parameter}`, {
    parameter,
  })
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
