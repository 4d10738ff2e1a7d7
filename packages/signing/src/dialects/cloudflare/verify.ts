/**
 * Checks Cloudflare's timed HMACs over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertStarted } from '../../lib/expiry.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import type { RawRequest } from '../../types.ts'
import type { VerifiedCloudflare, VerifyCloudflareOptions } from './params.ts'
import { lastMoment, prepareCloudflareKey, resolveRule } from './params.ts'
import { separatorBehind, signCloudflareText } from './string-to-sign.ts'

/** Ten digits, a dash, 44 digits of base64 that may each be an escape: no token is longer. */
const MAX_TOKEN = 11 + 44 * 3
const TOKEN = /([1-9]\d{9})-((?:[A-Za-z0-9+/=_-]|%[0-9A-Fa-f]{2})*)$/
/** A link made by a clock this far ahead still works; one from further on would outlive its time. */
const MAX_SKEW_SECONDS = 900

/**
 * What a timed link opens.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyCloudflare(
  request: RawRequest,
  options: VerifyCloudflareOptions,
): VerifiedCloudflare {
  const { ttlSeconds, separator, isUrlSafe } = resolveRule(options)
  const { message, issued, mac } = readTarget(request.target, separator)
  const isOurs = options.keys.some((key) =>
    equalText(signCloudflareText(prepareCloudflareKey(key), { message, issued }, isUrlSafe), mac),
  )
  if (!isOurs) throw refusal(mac, isUrlSafe)
  const now = resolveNow(options.now)
  const issuedSeconds = Number(issued)
  assertStarted(issuedSeconds - MAX_SKEW_SECONDS, now)
  const expiresAt = lastMoment(issuedSeconds, ttlSeconds)
  if (now > expiresAt) {
    throw new SigningError('signature-expired', 'the link has expired', {
      expiredAt: expiresAt,
      now,
    })
  }
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return { message, issuedAt: new Date(issuedSeconds * 1000), expiresAt }
}

function refusal(mac: string, isUrlSafe: boolean): SigningError {
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
  readonly mac: string
}

/** The message in front of the separator, the time and the MAC, which must end the target. */
function readTarget(target: string, separator: string): TimedMessage {
  const offset = Math.max(0, target.length - MAX_TOKEN)
  const token = TOKEN.exec(target.slice(offset))
  const head = token === null ? '' : target.slice(0, offset + token.index)
  const between = separatorBefore(head, separator)
  if (token === null || between === null) {
    throw new SigningError('signature-missing', 'the request does not end in a time and a MAC', {
      dialect: 'cloudflare',
    })
  }
  const message = head.slice(0, head.length - between.length)
  const mac = percentDecode(token[2] ?? '')
  if (separatorBehind(message, separator) !== between || mac === null) {
    throw new SigningError('parameter-malformed', 'the MAC does not stand where it should', {
      parameter: 'separator',
      reason: 'expected the separator of the rule, as a parameter of its own',
    })
  }
  return { message, issued: token[1] ?? '', mac }
}

/** The separator as it ends the text in front of the time. */
function separatorBefore(head: string, separator: string): string | null {
  if (head.endsWith(separator)) return separator
  const other = separator.startsWith('?') ? `&${separator.slice(1)}` : separator
  return head.endsWith(other) ? other : null
}
