/**
 * Decides what of an `Authorization` value is secret.
 *
 * @module
 */
import { INCOMPLETE, readLogical } from './logical-character.ts'
import { isPlaceholder, isStructured } from './value-tests.ts'
import { DECISIVE_LENGTH, looksRandom, readRun } from './value.ts'
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** Their signature has a name of its own. */
const SIGNED_SCHEMES = /^(?:(?:AWS4|GOOG4|OSS4|TOS4)-|SDK-HMAC-|SharedAccessSignature$|Signature$)/i
/** Key id, colon, signature. */
const KEY_AND_SIGNATURE_SCHEMES =
  /^(?:AWS|GOOG1|SharedKey|SharedKeyLite|OSS|OBS|TOS|COS|acs|QBox|Qiniu|UpToken)$/i
const SIGN = '(?:=|%(?:25){0,3}3[Dd]|\\\\+u003[Dd])'
/** Parameters of a challenge, and those of credentials before a quote, whose value is found by its own name. */
const PARAMETERS = new RegExp(
  `^(?:(?:realm|charset|scope|error(?:_description|_uri)?|authorization_uri|resource_metadata)${SIGN}|(?:token|access_token|api_?key)${SIGN}$)`,
  'i',
)
const OPAQUE_SCHEMES = /^(?:Bearer|Basic|Token|ApiKey|Api-Key|Key|Negotiate|NTLM)$/i

/** `Authorization: Scheme credentials`, `Authorization: AWS AKID:signature`, or the bare key. */
export function judgeAuthorization(text: string, start: number, isFinal: boolean): Verdict {
  const first = readRun(text, start, { isFinal, limit: start + DECISIVE_LENGTH })
  if (first.isOpen) return UNDECIDED
  const scheme = text.slice(start, first.end)
  const gap = skipGap(text, first.end)
  if (gap >= text.length && !isFinal) return UNDECIDED
  if (gap === first.end) return judgeCredentials(text, { start, isFinal, minimum: 8 })
  if (SIGNED_SCHEMES.test(scheme)) return null
  if (!KEY_AND_SIGNATURE_SCHEMES.test(scheme)) {
    const minimum = OPAQUE_SCHEMES.test(scheme) ? 0 : 8
    return judgeCredentials(text, { start: gap, isFinal, minimum })
  }
  const keyId = readRun(text, gap, { isFinal, limit: gap + DECISIVE_LENGTH })
  if (keyId.isOpen) return UNDECIDED
  const colon = readLogical(text, keyId.end)
  if (colon === INCOMPLETE) return isFinal ? null : UNDECIDED
  if (colon?.code !== 58) return null
  return judgeCredentials(text, { start: colon.next, isFinal, minimum: 0 })
}

function skipGap(text: string, at: number): number {
  let position = at
  for (let count = 0; count < 4; count += 1) {
    const read = readLogical(text, position)
    if (read === null || read === INCOMPLETE) return text.length
    if (read.code !== 32 && read.code !== 43) break
    position = read.next
  }
  return position
}

interface Credentials {
  readonly start: number
  readonly isFinal: boolean
  /** 0: the scheme has said that credentials follow; otherwise they must look like some. */
  readonly minimum: number
}

function judgeCredentials(text: string, { start, isFinal, minimum }: Credentials): Verdict {
  const options = { isFinal, alphabet: 'joined' } as const
  const probe = readRun(text, start, { ...options, limit: start + DECISIVE_LENGTH })
  if (probe.isOpen && probe.end - start < DECISIVE_LENGTH) return UNDECIDED
  const value = text.slice(start, probe.end)
  if (value.length < Math.max(minimum, 4) || isStructured(value) || isPlaceholder(value))
    return null
  if (PARAMETERS.test(value)) return null
  if (minimum > 0 && value.length < DECISIVE_LENGTH && !looksRandom(value)) return null
  return { ...plainSecret(start, readRun(text, start, options)), alphabet: 'joined' }
}
