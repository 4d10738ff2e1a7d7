/**
 * Decides, at one candidate place, whether a secret stands there and which characters of the text it is.
 *
 * @module
 */
import { INCOMPLETE, hexValue, readLogical } from './logical-character.ts'
import { canBeName, classifyName } from './names.ts'
import type { SecretKind } from './names.ts'
import { MAX_LAYERS, UNDECIDED, readSeparator } from './separator.ts'
import type { Separator } from './separator.ts'
import type { Alphabet } from './value.ts'
import {
  DECISIVE_LENGTH,
  isBase64UrlCode,
  isStructured,
  looksRandom,
  readBase64UrlRun,
  readRun,
} from './value.ts'

/** The characters to take out. `isOpen`: the secret goes on behind the end of the text. */
export interface Secret {
  readonly start: number
  readonly end: number
  readonly isOpen: boolean
  /** How to go on reading an open secret. */
  readonly stopsAtSlash: boolean
  readonly alphabet: Alphabet
  readonly layers: number
}

/** `null`: nothing to take out. `undecided`: the text ends too early to tell. */
export type Verdict = Secret | typeof UNDECIDED | null

const MAX_NAME = 80
const MAX_JWT_SEGMENT = 8192
/** An Edgio token is nonce, tag and at least one field. */
const MIN_BARE_TOKEN = 60
const MAX_BARE_TOKEN = 2048
/** How far back a path token may have begun. */
const PATH_TOKEN_REACH = 400

interface Place {
  readonly text: string
  readonly isFinal: boolean
  readonly name: string
  /** The name is that of a parameter in a query, a form body or a cookie. */
  readonly isParameter: boolean
  readonly isOption: boolean
  readonly isClosingTag: boolean
}

/** The verdict on the window that {@link nextCandidate} found to end at `at`. */
export function judgeCandidate(text: string, at: number, isFinal: boolean): Verdict {
  if (text.charCodeAt(at - 1) === 74 && text.startsWith('eyJ', at - 3)) {
    return judgeJwt(text, at - 3, isFinal)
  }
  if (text.charCodeAt(at) === 95) {
    return text.startsWith('hp_', at - 2) ? judgeApiKey(text, at - 2, isFinal) : null
  }
  const last = text.charCodeAt(at)
  if (last === 70 || last === 102) {
    const isQuestionMark = /%(?:25)*3[Ff]$/.test(text.slice(Math.max(0, at - 6), at + 1))
    return isQuestionMark ? judgeBareToken(text, at + 1, isFinal) : null
  }
  return canBeName(text, at) && canBeFollowed(text, at) ? judgeNamed(text, at, isFinal) : null
}

/** Behind a blank an ordinary word goes on with another word: a quick no for those. */
function canBeFollowed(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 32) return true
  const next = text.charCodeAt(at + 1)
  const isWord = isBase64UrlCode(next)
  if (!isWord) return true
  // `Bearer token`, and the options of commands: `--token value`.
  const last = text.charCodeAt(at - 1) | 32
  return last === 114 || last === 99 || text.slice(Math.max(0, at - MAX_NAME), at).includes('--')
}

function isNameCode(code: number): boolean {
  return isBase64UrlCode(code) || code === 46
}

function judgeNamed(text: string, at: number, isFinal: boolean): Verdict {
  const lowest = Math.max(0, at - MAX_NAME)
  let start = at
  while (start > lowest && isNameCode(text.charCodeAt(start - 1))) start -= 1
  const lead = readLead(text, start, at)
  const name = text.slice(lead.nameStart, at)
  const kind = classifyName(name)
  if (kind === null) return null
  const separator =
    kind === 'scheme' ? readSchemeGap(text, at, isFinal) : readSeparator(text, at, isFinal)
  if (separator === null || separator === UNDECIDED) return separator
  const place: Place = {
    text,
    isFinal,
    name,
    isParameter: isParameterLead(lead.code, kind) && separator.kind === 'assign',
    isOption: name.startsWith('--'),
    isClosingTag: lead.code === 47,
  }
  if (separator.kind === 'element' && place.isClosingTag) return null
  if (separator.kind === 'space' && kind !== 'scheme' && !place.isOption) return null
  return judgeValue(place, kind, separator)
}

/** What stands before a name, and where the name begins once an escape's digits are left out of it. */
function readLead(text: string, start: number, end: number): { code: number; nameStart: number } {
  if (start === 0) return { code: 10, nameStart: 0 }
  const before = text.charCodeAt(start - 1)
  if (before === 37) {
    let digits = start
    while (digits - start < 6 && text.startsWith('25', digits)) digits += 2
    const code = hexValue(text.charCodeAt(digits)) * 16 + hexValue(text.charCodeAt(digits + 1))
    return code >= 0 && digits + 2 <= end
      ? { code, nameStart: digits + 2 }
      : { code: before, nameStart: start }
  }
  // Quoted-printable, in mail: `=3Fsig=3D`.
  if (before === 61 && /^(?:3F|26)/i.test(text.slice(start, start + 2))) {
    return { code: 63, nameStart: start + 2 }
  }
  if (before === 92) {
    const read = readLogical(text, start - 1)
    if (read !== null && read !== INCOMPLETE && read.next <= end && read.code !== 92) {
      return { code: read.code, nameStart: read.next }
    }
  }
  return { code: before, nameStart: start }
}

/**
 * `?`, `&`, `;` and `#` begin a parameter, and so does the beginning of a line; but lines that begin with
 * `md5=` are lists of checksums.
 */
function isParameterLead(code: number, kind: SecretKind): boolean {
  if (code === 10) return kind !== 'md5'
  return code === 63 || code === 38 || code === 59 || code === 35
}

/** White space, in any spelling, between `Bearer` and its token. */
function readSchemeGap(
  text: string,
  at: number,
  isFinal: boolean,
): Separator | typeof UNDECIDED | null {
  if (text.charCodeAt(at) === 43)
    return { kind: 'space', valueStart: at + 1, layers: MAX_LAYERS, isQuoted: false }
  const separator = readSeparator(text, at, isFinal)
  return separator === null || separator === UNDECIDED || separator.kind === 'space'
    ? separator
    : null
}

function judgeValue(place: Place, kind: SecretKind, separator: Separator): Verdict {
  if (kind === 'authorization') return judgeAuthorization(place, separator.valueStart)
  const start = skipDigestName(place.text, separator.valueStart)
  const alphabet = chooseAlphabet(place, kind, separator)
  const stopsAtSlash = kind === 'hmac' || isPathToken(place, start)
  const { layers } = separator
  const options = { isFinal: place.isFinal, stopsAtSlash, alphabet, layers }
  const probe = readRun(place.text, start, { ...options, limit: start + DECISIVE_LENGTH })
  if (probe.isOpen && probe.end - start < DECISIVE_LENGTH) return UNDECIDED
  const value = place.text.slice(start, probe.end)
  const isWeak = separator.kind === 'pair'
  const isParameter =
    place.isParameter || (separator.kind === 'assign' && place.text.charCodeAt(probe.end) === 38)
  if (!VALUE_TESTS[kind]({ value, isParameter, isWeak })) return null
  // `const token = createSessionToken(…)` is code.
  const isCall = value.length < DECISIVE_LENGTH && place.text.charCodeAt(probe.end) === 40
  if (isCall && !isParameter && !separator.isQuoted) return null
  const run = readRun(place.text, start, options)
  return { start, end: run.end, isOpen: run.isOpen, stopsAtSlash, alphabet, layers }
}

function chooseAlphabet(place: Place, kind: SecretKind, separator: Separator): Alphabet {
  if (separator.isQuoted && separator.layers !== 0) return 'secret'
  if (separator.isQuoted && kind === 'token') return 'quoted'
  return kind === 'parameter' && place.name.length > 4 ? 'wide' : 'secret'
}

/** Swift writes `sha512:` before some signatures, and webhooks write `sha256=`. */
function skipDigestName(text: string, at: number): number {
  const match = /^sha\d{1,3}(?:[:=]|%(?:25){0,3}3[AaDd])/.exec(text.slice(at, at + 16))
  return match === null ? at : at + match[0].length
}

interface Candidate {
  /** The value, or its first 64 characters. */
  readonly value: string
  readonly isParameter: boolean
  readonly isWeak: boolean
}

const VALUE_TESTS: Readonly<Record<SecretKind, (candidate: Candidate) => boolean>> = {
  // In source code a signature is often assigned from a call: only a parameter's value is taken unseen.
  signature: ({ value, isParameter, isWeak }) =>
    value.length >= (isWeak ? 20 : 16) &&
    !isStructured(value) &&
    (isParameter || looksRandom(value)),
  token: ({ value, isParameter }) =>
    value.length >= (isParameter ? 8 : 16) &&
    !isStructured(value) &&
    (isParameter || isLongOrRandom(value)),
  parameter: ({ value, isParameter, isWeak }) =>
    isParameter ? value.length >= 4 : value.length >= 20 && !isWeak && looksRandom(value),
  policy: ({ value }) => value.length >= 40 && /^e[wy]/.test(value),
  hmac: ({ value }) => /^[0-9a-fA-F]{32}/.test(value),
  md5: ({ value, isParameter }) => isParameter && [22, 24, 32].includes(value.length),
  'timed-mac': ({ value, isParameter }) =>
    isParameter && value.length >= 20 && /^\d{10}(?:-|%(?:25){0,3}2[Dd])/.test(value),
  scheme: ({ value }) => value.length >= 8 && isLongOrRandom(value),
  // Read by judgeAuthorization: its value has parts.
  authorization: () => false,
}

function isLongOrRandom(value: string): boolean {
  return value.length >= DECISIVE_LENGTH || looksRandom(value)
}

/** In `/bcdn_token=…&expires=1/path` and `/edge-cache-token=…&Signature=…/path` the token ends at the slash. */
function isPathToken(place: Place, start: number): boolean {
  if (/^bcdn_token$/i.test(place.name)) return true
  if (!/^signature$/i.test(place.name)) return false
  const before = place.text.slice(Math.max(0, start - PATH_TOKEN_REACH), start)
  const token = before.lastIndexOf('edge-cache-token')
  return token !== -1 && !/[\s"'<>?]/.test(before.slice(token))
}

const SIGNED_SCHEMES = /^(?:AWS4|GOOG4)-/i
const KEY_AND_SIGNATURE_SCHEMES = /^(?:AWS|GOOG1|SharedKey|SharedKeyLite)$/i
const OPAQUE_SCHEMES = /^(?:Bearer|Basic|Token|ApiKey|Api-Key|Key|Negotiate|NTLM)$/i

/** `Authorization: Scheme credentials`, `Authorization: AWS AKID:signature`, or the bare key. */
function judgeAuthorization(place: Place, start: number): Verdict {
  const { text, isFinal } = place
  const first = readRun(text, start, { isFinal, limit: start + DECISIVE_LENGTH })
  if (first.isOpen) return UNDECIDED
  const scheme = text.slice(start, first.end)
  const gap = skipGap(text, first.end)
  if (gap >= text.length && !isFinal) return UNDECIDED
  if (gap === first.end) return judgeCredentials(place, start, 8)
  if (SIGNED_SCHEMES.test(scheme)) return null
  if (!KEY_AND_SIGNATURE_SCHEMES.test(scheme)) {
    return judgeCredentials(place, gap, OPAQUE_SCHEMES.test(scheme) ? 0 : 8)
  }
  const keyId = readRun(text, gap, { isFinal, limit: gap + DECISIVE_LENGTH })
  if (keyId.isOpen) return UNDECIDED
  const colon = readLogical(text, keyId.end)
  if (colon === INCOMPLETE) return isFinal ? null : UNDECIDED
  return colon?.code === 58 ? judgeCredentials(place, colon.next, 0) : null
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

/** With a minimum of 0 the scheme has said that credentials follow; otherwise they must look like some. */
function judgeCredentials(place: Place, start: number, minimum: number): Verdict {
  const { text, isFinal } = place
  const probe = readRun(text, start, { isFinal, limit: start + DECISIVE_LENGTH })
  if (probe.isOpen && probe.end - start < DECISIVE_LENGTH) return UNDECIDED
  const value = text.slice(start, probe.end)
  if (value.length < Math.max(minimum, 4) || isStructured(value)) return null
  if (minimum > 0 && value.length < DECISIVE_LENGTH && !looksRandom(value)) return null
  const run = readRun(text, start, { isFinal })
  return {
    start,
    end: run.end,
    isOpen: run.isOpen,
    stopsAtSlash: false,
    alphabet: 'secret',
    layers: MAX_LAYERS,
  }
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
  return {
    start,
    end: run.end,
    isOpen: run.isOpen,
    stopsAtSlash: true,
    alphabet: 'secret',
    layers: MAX_LAYERS,
  }
}

/** One of Hallpass's own API keys; its prefix stays. */
function judgeApiKey(text: string, start: number, isFinal: boolean): Verdict {
  if (start > 0 && isBase64UrlCode(text.charCodeAt(start - 1))) return null
  const secret = start + 3
  const end = readBase64UrlRun(text, secret, DECISIVE_LENGTH)
  if (end === text.length && !isFinal) return UNDECIDED
  const value = text.slice(secret, end === -1 ? secret + DECISIVE_LENGTH : end)
  if (value.length < 16 || !looksRandom(value)) return null
  const run = readRun(text, secret, { isFinal, stopsAtSlash: true })
  return {
    start: secret,
    end: run.end,
    isOpen: run.isOpen,
    stopsAtSlash: true,
    alphabet: 'secret',
    layers: MAX_LAYERS,
  }
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
  return { start, end, isOpen: false, stopsAtSlash: true, alphabet: 'secret', layers: MAX_LAYERS }
}
