/**
 * Checks ectoken v3 URLs over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { assertNotExpired } from '../../lib/expiry.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, LIST, TEXT } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { resolveCallTime, resolveNow } from '../../lib/timestamp.ts'
import type { RawRequest } from '../../types.ts'
import { assertRules } from './check-rules.ts'
import type {
  EdgioRequestFacts,
  EdgioToken,
  EdgioVerifierOptions,
  VerifiedEdgio,
  VerifyEdgioOptions,
} from './params.ts'
import { decryptEdgioToken, decryptEdgioTokenAsync } from './token.ts'

/** Verifies request after request. */
export interface EdgioVerifier {
  /** See {@link verifyEdgio}. */
  readonly verify: (request: RawRequest, facts?: EdgioRequestFacts) => VerifiedEdgio
}

/** The same over WebCrypto. */
export interface EdgioAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: EdgioRequestFacts) => Promise<VerifiedEdgio>
}

const KNOWN: OptionTable<VerifyEdgioOptions> = {
  keys: LIST,
  parameterName: TEXT,
  methods: LIST,
  clientCountry: TEXT,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createEdgioVerifier(options: EdgioVerifierOptions): EdgioVerifier {
  const { keys } = checkRules(options)
  function verify(request: RawRequest, facts?: EdgioRequestFacts): VerifiedEdgio {
    const rules = withFacts(options, facts)
    return accept(request, decryptEdgioToken(findToken(request, rules), { keys }), rules)
  }
  return { verify }
}

/** The asynchronous twin of {@link createEdgioVerifier}. */
export function createEdgioAsyncVerifier(options: EdgioVerifierOptions): EdgioAsyncVerifier {
  const { keys } = checkRules(options)
  async function verify(request: RawRequest, facts?: EdgioRequestFacts): Promise<VerifiedEdgio> {
    const rules = withFacts(options, facts)
    const token = await decryptEdgioTokenAsync(findToken(request, rules), { keys })
    return accept(request, token, rules)
  }
  return { verify }
}

function checkRules(options: EdgioVerifierOptions): EdgioVerifierOptions {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  return options
}

function withFacts(
  options: EdgioVerifierOptions,
  facts: EdgioRequestFacts | undefined,
): VerifyEdgioOptions {
  return { ...options, ...facts, now: resolveCallTime(facts, options.now) }
}

/**
 * What the token of a request opens.
 *
 * @throws {SigningError} if anything about it is wrong, and `sync-crypto-unavailable` without `node:crypto`
 */
export function verifyEdgio(request: RawRequest, options: VerifyEdgioOptions): VerifiedEdgio {
  return createEdgioVerifier(options).verify(request, options)
}

/** The same answer as {@link verifyEdgio}, over WebCrypto. */
export async function verifyEdgioAsync(
  request: RawRequest,
  options: VerifyEdgioOptions,
): Promise<VerifiedEdgio> {
  return createEdgioAsyncVerifier(options).verify(request, options)
}

function findToken(request: RawRequest, { parameterName }: VerifyEdgioOptions): string {
  const query = splitTarget(request.target).query ?? ''
  const token =
    parameterName === undefined ? (query.split('&', 1)[0] ?? '') : readNamed(query, parameterName)
  if (token === '') {
    throw new SigningError('signature-missing', 'the request carries no token', {
      dialect: 'edgio',
    })
  }
  return token
}

function readNamed(query: string, name: string): string {
  const found = (parseRawQuery(query) ?? []).filter((parameter) => parameter.name === name)
  if (found.length > 1) {
    throw new SigningError('parameter-duplicate', `${name} came more than once`, {
      parameter: name,
    })
  }
  return found[0]?.value ?? ''
}

function accept(
  request: RawRequest,
  { rules, expiresAt }: EdgioToken,
  options: VerifyEdgioOptions,
): VerifiedEdgio {
  if (expiresAt === null) {
    throw new SigningError('parameter-missing', 'the token has no end', { parameter: 'ec_expire' })
  }
  assertNotExpired(expiresAt.getTime() / 1000, resolveNow(options.now))
  assertRules(request, rules, options.clientCountry)
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return { rules, expiresAt, isLegacy: true }
}
