/**
 * Secrets that announce themselves, wherever they stand: JSON Web Tokens, keys and tokens with a prefix of their service, and
 * secrets in paths that only one service has.
 *
 * @module
 */
import {
  judgeAlias,
  judgeHost,
  judgeLongOption,
  judgeSharedKey,
  judgeUserOption,
} from './credentials.ts'
import { INCOMPLETE, hexValue, readLogical } from './logical-character.ts'
import { judgeKeyPair } from './key-pair.ts'
import { judgeNewValue } from './new-value.ts'
import { judgePrivateKey } from './private-key.ts'
import { judgeShareAddress, judgeUploadLink } from './share-address.ts'
import {
  DECISIVE_LENGTH,
  isBase64UrlCode,
  looksRandom,
  readBase64UrlRun,
  readRun,
} from './value.ts'
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const MAX_JWT_SEGMENT = 8192
/** An Edgio token is nonce, tag and at least one field. */
const MIN_BARE_TOKEN = 60
const MAX_BARE_TOKEN = 2048

/** A mark, by the four characters that end before `end`, and what is behind it. */
interface Mark {
  /** Must end at the window's end. */
  readonly ends: string
  readonly judge: (text: string, end: number, isFinal: boolean) => Verdict
}

/** The rest of a secret whose prefix, which stays, ends before `start`. */
function judgeRest(
  minimum: number,
  options: { readonly isOwnWord: boolean; readonly prefix: number },
) {
  return (text: string, start: number, isFinal: boolean): Verdict => {
    const before = start - options.prefix - 1
    if (options.isOwnWord && before >= 0 && isBase64UrlCode(text.charCodeAt(before))) return null
    const end = readBase64UrlRun(text, start, DECISIVE_LENGTH)
    if (end === text.length && !isFinal) return UNDECIDED
    const value = text.slice(start, end === -1 ? start + DECISIVE_LENGTH : end)
    if (value.length < minimum || !looksRandom(value)) return null
    return plainSecret(start, readRun(text, start, { isFinal, stopsAtSlash: true }), {
      stopsAtSlash: true,
    })
  }
}

const own = (minimum: number, prefix: number): Mark['judge'] =>
  judgeRest(minimum, { isOwnWord: true, prefix })

/** A path behind `mark`: the pattern ends where the secret begins, and what follows must match. */
function judgePath(mark: RegExp, secret: RegExp): Mark['judge'] {
  return (text, end, isFinal) => {
    mark.lastIndex = end
    if (!mark.test(text)) return isCut(text, end, isFinal) ? UNDECIDED : null
    const start = mark.lastIndex
    secret.lastIndex = start
    const match = secret.exec(text)
    if (match === null) return isCut(text, end, isFinal) ? UNDECIDED : null
    if (match.index + match[0].length >= text.length && !isFinal) return UNDECIDED
    const value = match[1] ?? ''
    return looksRandom(value)
      ? plainSecret(start, { end: start + value.length, isOpen: false }, { stopsAtSlash: true })
      : null
  }
}

/** The longest path that is looked at. */
const MAX_PATH = 300

function isCut(text: string, from: number, isFinal: boolean): boolean {
  if (isFinal || text.length - from > MAX_PATH) return false
  return /^[\w/.~-]*$/.test(text.slice(from))
}

const MARKS: readonly Mark[] = [
  { ends: 'hp_', judge: own(16, 3) },
  { ends: 'hps_', judge: own(16, 4) },
  { ends: 'ghp_', judge: own(30, 4) },
  { ends: 'gho_', judge: own(30, 4) },
  { ends: 'ghu_', judge: own(30, 4) },
  { ends: 'ghs_', judge: own(30, 4) },
  { ends: 'ghr_', judge: own(30, 4) },
  { ends: 'github_pat_', judge: own(30, 11) },
  { ends: 'xoxa', judge: judgeSlackToken },
  { ends: 'xoxb', judge: judgeSlackToken },
  { ends: 'xoxe', judge: judgeSlackToken },
  { ends: 'xoxp', judge: judgeSlackToken },
  { ends: 'xoxr', judge: judgeSlackToken },
  { ends: 'xoxs', judge: judgeSlackToken },
  { ends: 'xapp', judge: judgeSlackToken },
  {
    ends: 'hooks.slack.co',
    judge: judgePath(
      /m\/(?:services|workflows|triggers)\/[A-Z0-9]{6,16}\/[A-Z0-9]{6,16}\/(?:\d{6,24}\/)?/y,
      /([A-Za-z0-9]{16,64})(?![A-Za-z0-9])/y,
    ),
  },
  {
    ends: 'webhooks/',
    judge: judgePath(/\d{15,22}\//y, /([\w-]{40,100})(?![\w-])/y),
  },
  { ends: '/p/', judge: judgePath(/(?=[\w-]{20})/y, /([\w-]{20,120})\/n\/[\w-]{1,100}\/b\//y) },
  {
    ends: '/s-',
    judge: judgePath(/-(?=[\w-]{8})/y, /([\w-]{8}|[\w-]{32})--\//y),
  },
  { ends: '/0', judge: judgeShareAddress },
  { ends: 'F0', judge: judgeShareAddress },
  { ends: 'f0', judge: judgeShareAddress },
  { ends: ';0', judge: judgeShareAddress },
  { ends: 'aHR0', judge: judgeUploadLink },
  { ends: 'v1,', judge: judgeWebhookPart },
  { ends: 'KEY-', judge: judgePrivateKey },
  { ends: 'AKIA', judge: judgeKeyPair },
  { ends: 'ASIA', judge: judgeKeyPair },
  { ends: 'u ', judge: judgeUserOption },
  { ends: 'u"', judge: judgeUserOption },
  { ends: ' --u', judge: judgeLongOption },
  { ends: ' --p', judge: judgeLongOption },
  { ends: "u'", judge: judgeUserOption },
  { ends: '-> "', judge: judgeNewValue },
  { ends: 'alia', judge: judgeAlias },
  { ends: 'ig h', judge: judgeHost },
  { ends: 'edKe', judge: judgeSharedKey },
  { ends: 'k8s-aws-v1.a', judge: (text, end, isFinal) => own(60, 11)(text, end - 1, isFinal) },
]

/** By the last character of the window, the marks that can end there. */
const BY_LAST: readonly (readonly Mark[])[] = Array.from({ length: 128 }, (_, code) =>
  MARKS.filter(({ ends }) => ends.charCodeAt(ends.length - 1) === code),
)

/** The verdict on the mark whose window ends before `end`; `null` if there is none, or no secret behind it. */
export function judgeMark(text: string, end: number, isFinal: boolean): Verdict {
  const entered = judgeEntered(text, end, isFinal)
  if (entered !== null) return entered
  const marks = BY_LAST[text.charCodeAt(end - 1)]
  if (marks === undefined || marks.length === 0) return null
  for (const { ends, judge } of marks) {
    const verdict = text.startsWith(ends, end - ends.length) ? judge(text, end, isFinal) : null
    if (verdict !== null) return verdict
  }
  return null
}

/** Marks whose window reaches one character into what they announce, because they count before some characters only. */
function judgeEntered(text: string, end: number, isFinal: boolean): Verdict {
  const sign = text.charCodeAt(end - 2)
  if (sign === 74) return text.startsWith('eyJ', end - 4) ? judgeJwt(text, end - 4, isFinal) : null
  if (sign === 45 && text.charCodeAt(end - 3) === 45) {
    return judgeMessageDigest(text, end - 1, isFinal)
  }
  if (sign === 58 && text.charCodeAt(end - 3) === 61) {
    return judgeByteSequence(text, end - 1, isFinal)
  }
  const isOption = sign === 117 && text.startsWith(' -u', end - 4)
  return isOption && isBase64UrlCode(text.charCodeAt(end - 1))
    ? judgeUserOption(text, end - 1, isFinal)
    : null
}

function judgeSlackToken(text: string, end: number, isFinal: boolean): Verdict {
  if (end >= text.length) return isFinal ? null : UNDECIDED
  if (text.charCodeAt(end) !== 45) return null
  return own(20, 5)(text, end + 1, isFinal)
}

/** Three or more base64url segments, the first of which is a JSON object. */
function judgeJwt(text: string, start: number, isFinal: boolean): Verdict {
  if (start > 0 && isBase64UrlCode(text.charCodeAt(start - 1))) return null
  let at = start
  for (let segment = 0; segment < 2; segment += 1) {
    const end = readBase64UrlRun(text, at, MAX_JWT_SEGMENT)
    if (end === text.length && !isFinal) return UNDECIDED
    if (end - at < 10 || text.charCodeAt(end) !== 46) return null
    at = end + 1
  }
  const end = readBase64UrlRun(text, at, DECISIVE_LENGTH)
  if (end === text.length && end - at < 10 && !isFinal) return UNDECIDED
  if (end !== -1 && end - at < 10) return null
  const run = readRun(text, at, { isFinal, stopsAtSlash: true })
  return plainSecret(start, run, { stopsAtSlash: true })
}

/** `data--digest`, as Rails' message verifier has it: without its digest the message opens nothing. */
function judgeMessageDigest(text: string, end: number, isFinal: boolean): Verdict {
  const before = text.charCodeAt(end - 3)
  // Base64, its padding, or the end of `%3D`.
  if (!isBase64UrlCode(before) && before !== 61) return null
  let at = end
  while (at < text.length && at - end <= 128 && hexValue(text.charCodeAt(at)) >= 0) at += 1
  if (at === text.length && !isFinal && at - end <= 128) return UNDECIDED
  const isDigest = [40, 64, 128].includes(at - end) && !isBase64UrlCode(text.charCodeAt(at))
  if (!isDigest || !/[\w=%+/-]{16}$/.test(text.slice(Math.max(0, end - 18), end - 2))) return null
  return plainSecret(end, { end: at, isOpen: false })
}

/** A label that names a digest of a body. */
const DIGEST_LABEL = /(?:sha|md5|crc|adler|unixsum|unixcksum)[-\d]*$/i

/** `sig1=:base64:` [RFC9421 4.2]; digests [RFC9530 2] have the same form, and are none. */
function judgeByteSequence(text: string, end: number, isFinal: boolean): Verdict {
  const label = text.slice(Math.max(0, end - 42), end - 2)
  if (!/[a-z0-9_.*-]$/.test(label) || DIGEST_LABEL.test(label)) return null
  const run = readRun(text, end, { isFinal })
  if (run.isOpen) return UNDECIDED
  const value = text.slice(end, run.end)
  if (value.length < 40 || text.charCodeAt(run.end) !== 58 || !looksRandom(value)) return null
  return plainSecret(end, run)
}

/** `v1,base64`: a further signature of a webhook, behind a blank. */
function judgeWebhookPart(text: string, end: number, isFinal: boolean): Verdict {
  const before = text.charCodeAt(end - 4)
  if (before !== 32 && before !== 34) return null
  const run = readRun(text, end, { isFinal, limit: end + DECISIVE_LENGTH })
  if (run.isOpen) return UNDECIDED
  const value = text.slice(end, run.end)
  if (value.length < 40 || !looksRandom(value)) return null
  return plainSecret(end, readRun(text, end, { isFinal }))
}

/** An Edgio token: the first thing behind a question mark, long, without a name. */
export function judgeBareToken(text: string, start: number, isFinal: boolean): Verdict {
  const end = readBase64UrlRun(text, start, MAX_BARE_TOKEN)
  if (end === text.length && !isFinal) return UNDECIDED
  if (end === -1 || end - start < MIN_BARE_TOKEN) return null
  const next = readLogical(text, end)
  if (next === INCOMPLETE && !isFinal) return UNDECIDED
  if (next !== null && next !== INCOMPLETE && (next.code === 61 || next.code === 46)) return null
  if (!looksRandom(text.slice(start, end))) return null
  return plainSecret(start, { end, isOpen: false }, { stopsAtSlash: true })
}
