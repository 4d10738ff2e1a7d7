/**
 * Which causes stand for which refusal of a verifier, and the cause that says no more than the refusal does.
 *
 * @module
 */
import type { AnySigningError, SigningErrorCode } from '../../errors.ts'
import type { CauseCode } from '../causes.ts'
import type { Finding } from '../facts/dialect-facts.ts'
import { formatDuration, iso } from '../rules/time-rules.ts'

/** Damage to the text of a URL: it may bring about any refusal. */
const TEXT_DAMAGE =
  /^(?:url-(?:html-escaped|json-escaped|escapes-eaten|wrapped|double-encoded|truncated|line-broken|trailing-junk|invisible-character|fragment|question-mark)|signature-redacted|value-unset)$/

/** Whatever is signed or signs: other than it was, the signature does not fit. */
const CHANGED =
  /^(?:(?:port|scheme|proxy|bucket-style|path|query|secret|string-to-sign|session-token|tracker|separator|expression|hash-algorithm)-|host-changed|header-changed|header-missing|method-differs|key-mismatch|key-invalid|signature-|parameter-(?:added|removed|changed|after-signature|case)|payload-mismatch|policy-not-canonical|region-wrong|resource-mismatch|ip-not-allowed)/

const MEANT: Readonly<Record<SigningErrorCode, RegExp>> = {
  'signature-mismatch': CHANGED,
  'signature-malformed':
    /^(?:signature-|token-legacy|parameter-(?:missing|malformed|case)|hash-algorithm|key-mismatch)/,
  'signature-expired':
    /^(?:url-expired|expiry-|delegation-key-ended|session-token-ended|parameter-malformed)/,
  'signature-not-yet-valid': /^(?:url-not-yet-valid|clock-ahead|expiry-before-start)$/,
  'signature-missing':
    /^(?:parameter-(?:missing|case)|sigv2-refused|signature-|service-|token-legacy)/,
  'time-skewed': /^clock-/,
  'expiry-too-long': /^expiry-/,
  'parameter-missing': /^(?:parameter-(?:missing|case)|session-token-missing|header-missing)$/,
  'parameter-duplicate': /^(?:parameter-doubled|parameter-added|tracker-parameters)$/,
  'parameter-malformed':
    /^(?:parameter-(?:malformed|missing|case|doubled|added|after-signature)|scope-malformed|expiry-|signature-|policy-|permission-|path-|version-unsupported|header-|clock-|tracker-|query-|method-differs)/,
  // A signature of version 2 is checked by explain alone, which knows more than its version.
  'algorithm-unsupported':
    /^(?:(?:header|host|path|query|secret|key|method)-|algorithm-unsupported|sigv2-refused|token-legacy|hash-algorithm-mismatch|signature-(?:malformed|alphabet|plus))/,
  'scope-mismatch': /^(?:scope-|region-wrong|service-)/,
  'key-unknown': /^key-(?:not-given|unknown|invalid)$/,
  'key-invalid': /^(?:key-|secret-)/,
  'token-invalid': /^(?:session-token-|bearer-missing)/,
  'headers-unsigned': /^(?:headers-unsigned|header-missing|parameter-malformed)$/,
  'header-missing': /^header-missing$/,
  'header-conflict':
    /^(?:header-conflict|header-changed|payload-mismatch|authorization-header-added)$/,
  'credentials-ambiguous': /^authorization-header-added$/,
  'permission-missing': /^(?:permission-|method-differs|resource-type-mismatch)/,
  'resource-mismatch':
    /^(?:resource-|(?:host|port|scheme|proxy|path|query)-|parameter-added|tracker-|policy-)/,
  'ip-not-allowed': /^ip-not-allowed$/,
  'country-not-allowed': /^country-not-allowed$/,
  'referrer-not-allowed': /^referrer-not-allowed$/,
  'protocol-not-allowed': /^(?:protocol-not-allowed|scheme-changed)$/,
  'policy-unknown': /^stored-policy-missing$/,
  'policy-malformed': /^policy-/,
  'policy-condition-failed': /^policy-/,
  'policy-extra-field': /^policy-/,
  'entity-too-large': /^entity-too-large$/,
  'entity-too-small': /^policy-/,
  'payload-mismatch': /^(?:payload-mismatch|empty-body-checksum)$/,
  'chunk-malformed': /^payload-mismatch$/,
  'body-incomplete': /^payload-mismatch$/,
  'chunk-too-small': /^payload-mismatch$/,
  'trailer-malformed': /^payload-mismatch$/,
  'sync-crypto-unavailable': /^$/,
}

/** Whether the cause says why a verifier refuses with this code. */
export function standsFor(cause: CauseCode, refusal: SigningErrorCode): boolean {
  return TEXT_DAMAGE.test(cause) || MEANT[refusal].test(cause)
}

/** What a verifier cannot know: the body, where the bucket is, how far ahead this service lets a start lie. */
const BEYOND =
  /^(?:region-wrong|session-token-|policy-not-canonical|signature-redacted|payload-mismatch|clock-ahead)/

/** Whether a verifier that takes the request refutes this cause. */
export function isRefutedByAcceptance(cause: CauseCode): boolean {
  if (BEYOND.test(cause)) return false
  return (
    CHANGED.test(cause) ||
    /^(?:url-(?:expired|not-yet-valid)|parameter-|headers-unsigned|key-not-given|key-invalid|service-other)/.test(
      cause,
    )
  )
}

/** The cause that says what the refusal says, in the words of the catalogue. */
export function causeOfRefusal(error: AnySigningError): Omit<Finding, 'confidence'> {
  return (
    timed(error) ??
    named(error) ??
    granted(error) ??
    scoped(error) ?? { code: PLAIN[error.code] ?? 'key-mismatch', evidence: error.message }
  )
}

function scoped(error: AnySigningError): Omit<Finding, 'confidence'> | null {
  switch (error.code) {
    case 'signature-malformed':
      return { code: 'signature-malformed', facts: { reason: error.message } }
    case 'algorithm-unsupported': {
      const { algorithm, supported } = error.details
      const facts = { algorithm, expected: supported.join(' or ') }
      return { code: 'algorithm-unsupported', facts }
    }
    case 'scope-mismatch': {
      const { part, actual, expected } = error.details
      if (part === 'region') return { code: 'region-wrong', facts: { actual, expected } }
      return { code: 'scope-malformed', facts: { reason: `its ${part} is not the one expected` } }
    }
    case 'key-unknown':
      return { code: 'key-not-given', facts: { keyId: error.details.keyId } }
    case 'key-invalid':
      return { code: 'key-invalid', facts: { reason: error.details.reason } }
    default:
      return null
  }
}

function granted(error: AnySigningError): Omit<Finding, 'confidence'> | null {
  switch (error.code) {
    case 'permission-missing':
      return { code: 'permission-missing', facts: { ...error.details } }
    case 'resource-mismatch': {
      const facts = { granted: 'another resource' }
      return { code: 'resource-mismatch', facts, evidence: error.message }
    }
    case 'ip-not-allowed':
      return { code: 'ip-not-allowed', facts: { allowed: error.details.allowed } }
    case 'token-invalid': {
      const isBearer = /sduoid|principal/i.test(`${error.details.parameter} ${error.message}`)
      return { code: isBearer ? 'bearer-missing' : 'session-token-changed' }
    }
    case 'policy-unknown':
      return { code: 'stored-policy-missing', facts: { policy: error.details.policyId } }
    default:
      return null
  }
}

/** Refusals whose cause needs no facts. */
const PLAIN: Partial<Record<SigningErrorCode, CauseCode>> = {
  'credentials-ambiguous': 'authorization-header-added',
  'country-not-allowed': 'country-not-allowed',
  'referrer-not-allowed': 'referrer-not-allowed',
  'protocol-not-allowed': 'protocol-not-allowed',
  'payload-mismatch': 'payload-mismatch',
}

function timed(error: AnySigningError): Omit<Finding, 'confidence'> | null {
  switch (error.code) {
    case 'signature-expired': {
      const { expiredAt, now } = error.details
      const ago = formatDuration(now.getTime() - expiredAt.getTime())
      return { code: 'url-expired', facts: { expiredAt: iso(expiredAt), ago } }
    }
    case 'signature-not-yet-valid': {
      const { validFrom, now } = error.details
      const ahead = formatDuration(validFrom.getTime() - now.getTime())
      return { code: 'url-not-yet-valid', facts: { startsAt: iso(validFrom), ahead } }
    }
    case 'time-skewed': {
      const { signedAt, now, maxSkewSeconds } = error.details
      const skew = formatDuration(signedAt.getTime() - now.getTime())
      return {
        code: 'clock-skewed',
        facts: { skew, allowed: formatDuration(maxSkewSeconds * 1000) },
      }
    }
    case 'expiry-too-long':
      return { code: 'expiry-too-long', facts: { ...error.details } }
    default:
      return null
  }
}

function named(error: AnySigningError): Omit<Finding, 'confidence'> | null {
  switch (error.code) {
    case 'signature-missing':
      return {
        code: 'parameter-missing',
        facts: { names: 'the signature' },
        evidence: error.message,
      }
    case 'parameter-missing':
      return { code: 'parameter-missing', facts: { names: error.details.parameter } }
    case 'parameter-duplicate':
      return { code: 'parameter-doubled', facts: { names: error.details.parameter } }
    case 'parameter-malformed': {
      const { parameter, reason } = error.details
      return { code: 'parameter-malformed', facts: { names: parameter, reason } }
    }
    case 'headers-unsigned':
      return { code: 'headers-unsigned', facts: { names: error.details.names.join(', ') } }
    case 'header-missing':
      return { code: 'header-missing', facts: { names: error.details.name } }
    case 'header-conflict':
      return { code: 'header-conflict', facts: { name: error.details.name } }
    default:
      return null
  }
}
