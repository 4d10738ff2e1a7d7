/**
 * Checks signed URLs of Imgix over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, FLAG, LIST } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { assertEnd, readEnd, takeSignature } from '../../lib/signed-parameter.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { ImgixVerifierOptions, VerifiedImgix, VerifyImgixOptions } from './params.ts'
import { assertToken } from './params.ts'
import { signImgixText } from './string-to-sign.ts'

/** Verifies request after request. */
export interface ImgixVerifier {
  /** See {@link verifyImgix}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedImgix
}

const KNOWN: OptionTable<ImgixVerifierOptions> = {
  tokens: LIST,
  requiresEnd: FLAG,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. @throws {SigningError} `key-invalid` */
export function createImgixVerifier(options: ImgixVerifierOptions): ImgixVerifier {
  checkOptions(options, KNOWN)
  requireList(options.tokens, 'tokens')
  for (const token of options.tokens) assertToken(token)
  return {
    verify: (request, facts) =>
      verifyRequest(request, options, resolveCallTime(facts, options.now)),
  }
}

/**
 * Until when the URL of a request works.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyImgix(request: RawRequest, options: VerifyImgixOptions): VerifiedImgix {
  return createImgixVerifier(options).verify(request)
}

function verifyRequest(
  request: RawRequest,
  { tokens, requiresEnd = false, methods = READ_METHODS }: ImgixVerifierOptions,
  now: Date,
): VerifiedImgix {
  const { path, query } = splitTarget(request.target)
  const { value, rest } = takeSignature(query, 's', 'imgix')
  if (!tokens.some((token) => equalText(signImgixText(token, path, rest), value))) {
    throw refusal(value)
  }
  const expiresAt = assertEnd(readEnd(rest, 'expires'), 'expires', { now, requiresEnd })
  assertMethodAllowed(request.method, methods)
  return { expiresAt }
}

function refusal(value: string): SigningError {
  return /^[0-9a-f]{32}$/.test(value)
    ? new SigningError('signature-mismatch', 'the signature is not of this URL', {
        dialect: 'imgix',
      })
    : new SigningError('signature-malformed', 'the signature is not 32 hex digits', {
        parameter: 's',
      })
}
