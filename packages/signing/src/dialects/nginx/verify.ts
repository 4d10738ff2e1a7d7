/**
 * Checks nginx secure_link URLs over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { assertNotExpired } from '../../lib/expiry.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, LIST } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type {
  NginxVerifierOptions,
  PreparedRule,
  VerifiedNginx,
  VerifyNginxOptions,
} from './params.ts'
import { prepareRule, RULE_OPTIONS } from './params.ts'
import { formatNginxText, isNginxHash, isNginxTime } from './string-to-sign.ts'
import { expandTemplate } from './template.ts'
import { readVariable } from './variables.ts'

/** nginx takes the padding MD5 never needs, so links that carry it exist. */
const HASH = /^([A-Za-z0-9_-]{22})(?:==)?$/

/** Verifies request after request by rules that it has read once. */
export interface NginxVerifier {
  /** See {@link verifyNginx}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedNginx
}

interface NginxRules {
  readonly rules: readonly PreparedRule[]
  readonly methods: readonly string[] | undefined
}

const KNOWN: OptionTable<NginxVerifierOptions> = {
  rules: LIST,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createNginxVerifier(options: NginxVerifierOptions): NginxVerifier {
  checkOptions(options, KNOWN)
  requireList(options.rules, 'rules')
  const rules = options.rules.map((rule) => {
    checkOptions(rule, RULE_OPTIONS, 'each of rules')
    return prepareRule(rule)
  })
  return {
    verify: (request, facts) =>
      verifyRequest(
        request,
        { rules, methods: options.methods },
        resolveCallTime(facts, options.now),
      ),
  }
}

/**
 * What a secure link opens. nginx itself tells a wrong link (`$secure_link` empty) from one whose time is over (`0`);
 * here they are `signature-mismatch` and `signature-expired`.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyNginx(request: RawRequest, options: VerifyNginxOptions): VerifiedNginx {
  return createNginxVerifier(options).verify(request)
}

function verifyRequest(request: RawRequest, options: NginxRules, now: Date): VerifiedNginx {
  const { rules } = options
  const found = rules.map((rule) => readLink(request, rule))
  const index = found.findIndex((link, at) => {
    const rule = rules[at]
    return rule !== undefined && link !== null && isOurs(request, rule, link)
  })
  const [link, rule] = [found[index], rules[index]]
  if (link === undefined || link === null || rule === undefined) throw refusal(found)
  const expiresSeconds = Number(link.expires)
  assertNotExpired(expiresSeconds, now)
  const isMethodSigned = rule.expression.some(({ variable }) => variable === 'request_method')
  const methods = options.methods ?? (isMethodSigned ? [request.method] : READ_METHODS)
  assertMethodAllowed(request.method, methods)
  return {
    expiresAt: new Date(expiresSeconds * 1000),
    uri: readVariable(request, { ...rule, variables: {} }, 'uri'),
    isLegacy: true,
  }
}

interface Link {
  readonly hash: string
  readonly expires: string
}

/** Hash and time where the rule looks for them; `null` if both are missing there. */
function readLink(request: RawRequest, rule: PreparedRule): Link | null {
  const read = (name: string): string => readVariable(request, rule, name)
  const hash = expandTemplate(rule.hash, read)
  const expires = expandTemplate(rule.expires, read)
  if (hash === '') return null
  const digits = HASH.exec(hash)?.[1]
  if (digits === undefined) {
    throw new SigningError('signature-malformed', 'the hash is not base64url of 16 bytes', {
      parameter: 'secure_link',
    })
  }
  if (expires === '') {
    throw new SigningError('parameter-missing', 'the link has no time', { parameter: 'expires' })
  }
  if (!isNginxTime(expires)) {
    throw new SigningError('parameter-malformed', 'the time is not ten digits', {
      parameter: 'expires',
      reason: 'expected ten digits of epoch seconds',
    })
  }
  return { hash: digits, expires }
}

function isOurs(request: RawRequest, rule: PreparedRule, { hash, expires }: Link): boolean {
  return isNginxHash(formatNginxText(request, rule, expires), hash)
}

function refusal(found: readonly (Link | null)[]): SigningError {
  return found.some((link) => link !== null)
    ? new SigningError('signature-mismatch', 'the hash is not of this request', {
        dialect: 'nginx',
      })
    : new SigningError('signature-missing', 'the request carries no hash', { dialect: 'nginx' })
}
