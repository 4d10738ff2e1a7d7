/**
 * Checks signed URLs as Laravel's `hasValidSignature` does, over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacHex } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { requireHost } from '../../lib/raw-headers.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, FLAG, LIST } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { assertEnd, readEnd, takeSignature } from '../../lib/signed-parameter.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { LaravelVerifierOptions, VerifiedLaravel, VerifyLaravelOptions } from './params.ts'
import { prepareLaravelKey } from './params.ts'
import { formatLaravelText } from './string-to-sign.ts'

/** Verifies request after request. It keeps its keys as they were read. */
export interface LaravelVerifier {
  /** See {@link verifyLaravel}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedLaravel
}

const KNOWN: OptionTable<LaravelVerifierOptions> = {
  keys: LIST,
  isRelative: FLAG,
  ignoredParameters: LIST,
  requiresEnd: FLAG,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createLaravelVerifier(options: LaravelVerifierOptions): LaravelVerifier {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  const keyOf = createKeyMemory(prepareLaravelKey)
  return {
    verify: (request, facts) =>
      verifyRequest(request, { options, keyOf, now: resolveCallTime(facts, options.now) }),
  }
}

/**
 * Until when the URL of a request works.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyLaravel(request: RawRequest, options: VerifyLaravelOptions): VerifiedLaravel {
  return createLaravelVerifier(options).verify(request)
}

interface Rules {
  readonly options: LaravelVerifierOptions
  readonly keyOf: KeyMemory<string, HmacKey>
  readonly now: Date
}

function verifyRequest(request: RawRequest, { options, keyOf, now }: Rules): VerifiedLaravel {
  const { keys, isRelative = false, ignoredParameters = [], requiresEnd = false } = options
  const { path, query } = splitTarget(request.target)
  const { value, rest } = takeSignature(query, 'signature', 'laravel')
  const text = formatLaravelText(
    {
      scheme: request.scheme ?? 'https',
      host: isRelative ? '' : requireHost(request),
      path,
      query: withoutIgnored(rest, ignoredParameters),
    },
    isRelative,
  )
  if (!keys.some((key) => equalText(hmacHex(keyOf(key), text), value))) throw refusal(value)
  const expiresAt = assertEnd(readEnd(rest, 'expires'), 'expires', { now, requiresEnd })
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return { expiresAt }
}

/** By the name as it came, as the framework goes by it. */
function withoutIgnored(query: string, ignored: readonly string[]): string {
  if (ignored.length === 0) return query
  return query
    .split('&')
    .filter((piece) => !ignored.includes(piece.split('=', 1)[0] ?? ''))
    .join('&')
}

function refusal(value: string): SigningError {
  return /^[0-9a-f]{64}$/.test(value)
    ? new SigningError('signature-mismatch', 'the signature is not of this URL', {
        dialect: 'laravel',
      })
    : new SigningError('signature-malformed', 'the signature is not 64 hex digits', {
        parameter: 'signature',
      })
}
