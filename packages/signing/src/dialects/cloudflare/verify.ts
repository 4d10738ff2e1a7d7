/**
 * Checks Cloudflare's timed HMACs over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertStarted } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, FLAG, LIST, NUMBER, TEXT } from '../../lib/known-options.ts'
import { requireList } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type {
  CloudflareRule,
  CloudflareVerifierOptions,
  VerifiedCloudflare,
  VerifyCloudflareOptions,
} from './params.ts'
import { lastMoment, prepareCloudflareKey, resolveRule } from './params.ts'
import { separatorBehind, signCloudflareText, TIMESTAMP_DIGITS } from './string-to-sign.ts'

/** 44 digits of base64 that may each be an escape: no MAC is longer. */
const MAX_MAC = 44 * 3
const MAX_TOKEN = TIMESTAMP_DIGITS + 1 + MAX_MAC
const TOKEN = /([1-9]\d{9})-((?:[A-Za-z0-9+/=_-]|%[0-9A-Fa-f]{2})*)$/
const RAW_MAC = /^(?:[A-Za-z0-9+/=_-]|%[0-9A-Fa-f]{2})*$/
/** A link made by a clock this far ahead still works; one from further on would outlive its time. */
const MAX_SKEW_SECONDS = 900

/** Verifies request after request. It keeps its keys as they were read. */
export interface CloudflareVerifier {
  /** See {@link verifyCloudflare}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedCloudflare
}

interface CloudflareRules extends Required<CloudflareRule> {
  readonly keys: readonly string[]
  readonly methods: readonly string[]
  readonly keyOf: KeyMemory<string, HmacKey>
}

const KNOWN: OptionTable<CloudflareVerifierOptions> = {
  keys: LIST,
  ttlSeconds: NUMBER,
  separator: TEXT,
  isUrlSafe: FLAG,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createCloudflareVerifier(options: CloudflareVerifierOptions): CloudflareVerifier {
  checkOptions(options, KNOWN)
  requireList(options.keys, 'keys')
  const { keys, methods = READ_METHODS } = options
  const rules = {
    ...resolveRule(options),
    keys,
    methods,
    keyOf: createKeyMemory(prepareCloudflareKey),
  }
  return {
    verify: (request, facts) => verifyRequest(request, rules, resolveCallTime(facts, options.now)),
  }
}

/**
 * What a timed link opens.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyCloudflare(
  request: RawRequest,
  options: VerifyCloudflareOptions,
): VerifiedCloudflare {
  return createCloudflareVerifier(options).verify(request)
}

function verifyRequest(request: RawRequest, rules: CloudflareRules, now: Date): VerifiedCloudflare {
  const { isUrlSafe, separator, ttlSeconds } = rules
  const { target } = request
  const timed = readTarget(target, separator)
  if (!isSigned(target, timed, rules)) {
    throw refusal(target.slice(timed.macAt), isUrlSafe)
  }
  const { message, issued } = timed
  const issuedSeconds = Number(issued)
  assertStarted(issuedSeconds - MAX_SKEW_SECONDS, now)
  const expiresAt = lastMoment(issuedSeconds, ttlSeconds)
  if (now.getTime() > expiresAt.getTime()) {
    throw new SigningError('signature-expired', 'the link has expired', {
      expiredAt: expiresAt,
      now,
    })
  }
  assertMethodAllowed(request.method, rules.methods)
  return { message, issuedAt: new Date(issuedSeconds * 1000), expiresAt }
}

function isSigned(
  target: string,
  { message, issued, macAt }: TimedMessage,
  { isUrlSafe, keyOf, keys }: CloudflareRules,
): boolean {
  // Other escapes of the same text are as good.
  const sent = percentDecode(target.slice(macAt)) ?? ''
  return keys.some((key) =>
    equalText(signCloudflareText(keyOf(key), { message, issued }, isUrlSafe), sent),
  )
}

function refusal(rawMac: string, isUrlSafe: boolean): SigningError {
  if (!RAW_MAC.test(rawMac)) return missing()
  const mac = percentDecode(rawMac)
  if (mac === null) return misplaced()
  const shape = isUrlSafe ? /^[A-Za-z0-9_-]{43}$/ : /^[A-Za-z0-9+/]{43}=$/
  return shape.test(mac)
    ? new SigningError('signature-mismatch', 'the MAC is not of this request', {
        dialect: 'cloudflare',
      })
    : new SigningError('signature-malformed', 'the MAC is not base64 of 32 bytes', {
        parameter: 'mac',
      })
}

interface TimedMessage {
  readonly message: string
  readonly issued: string
  /** Where the MAC begins, which goes to the end of the target. */
  readonly macAt: number
}

/** The message in front of the separator, the time and the MAC, which must end the target. */
function readTarget(target: string, separator: string): TimedMessage {
  const offset = Math.max(0, target.length - MAX_TOKEN)
  const token = TOKEN.exec(target.slice(offset))
  const head = token === null ? '' : target.slice(0, offset + token.index)
  const between = separatorBefore(head, separator)
  if (token === null || between === null) throw missing()
  const message = head.slice(0, head.length - between.length)
  if (separatorBehind(message, separator) !== between) throw misplaced()
  return { message, issued: token[1] ?? '', macAt: target.length - (token[2] ?? '').length }
}

function missing(): SigningError<'signature-missing'> {
  return new SigningError('signature-missing', 'the request does not end in a time and a MAC', {
    dialect: 'cloudflare',
  })
}

function misplaced(): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', 'the MAC does not stand where it should', {
    parameter: 'separator',
    reason: 'expected the separator of the rule, as a parameter of its own',
  })
}

/** The separator as it ends the text in front of the time. */
function separatorBefore(head: string, separator: string): string | null {
  if (head.endsWith(separator)) return separator
  const other = separator.startsWith('?') ? `&${separator.slice(1)}` : separator
  return head.endsWith(other) ? other : null
}
