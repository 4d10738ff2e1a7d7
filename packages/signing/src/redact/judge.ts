/**
 * Decides, at one candidate place, whether a secret stands there and which characters of the text it is.
 *
 * @module
 */
import type { NamePlace, Separator, SeparatorKind } from './assigned.ts'
import { judgeAuthorization } from './authorization.ts'
import { MAX_LABEL, skipLabels } from './labels.ts'
import { INCOMPLETE, hexValue, readLogical } from './logical-character.ts'
import { judgeBareToken, judgeMark } from './marks.ts'
import { canBeName, classifyName, findWords } from './names.ts'
import type { SecretKind } from './names.ts'
import { readSchemeGap, readSeparator } from './separator.ts'
import { isBasicCredentials, isSecretValue } from './value-tests.ts'
import type { Candidate, Tie } from './value-tests.ts'
import type { Alphabet } from './value.ts'
import { DECISIVE_LENGTH, isBase64UrlCode, readRun } from './value.ts'
import { judgeValueFirst } from './value-first.ts'
import { UNDECIDED, atEnd } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const MAX_NAME = 80
/** How far back a path token may have begun. */
const PATH_TOKEN_REACH = 400

interface Named extends NamePlace {
  readonly name: string
  readonly kind: SecretKind
}

/** The verdict on the window that {@link nextCandidate} found to end at `at`. */
export function judgeCandidate(text: string, at: number, isFinal: boolean): Verdict {
  const mark = judgeMark(text, at + 1, isFinal)
  if (mark !== null) return mark
  const last = text.charCodeAt(at)
  if (last === 70 || last === 102) {
    const isQuestionMark = /%(?:25)*3[Ff]$/.test(text.slice(Math.max(0, at - 6), at + 1))
    return isQuestionMark ? judgeBareToken(text, at + 1, isFinal) : null
  }
  // `lue`.
  if ((text.charCodeAt(at - 2) | 32) === 117 && (text.charCodeAt(at - 3) | 32) === 108) {
    return judgeValueFirst(text, at, isFinal)
  }
  if ((last | 32) === 100 || (last | 32) === 103) return judgeShortWord(text, at, isFinal)
  if (last === 53 || (last | 32) === 104) return judgeHashName(text, at, isFinal)
  return canBeName(text, at) && canBeFollowed(text, at) ? judgeNamed(text, at, isFinal) : null
}

/** `code` and `sign`, whose window ends before their last letter. */
function judgeShortWord(text: string, at: number, isFinal: boolean): Verdict {
  if (at + 2 > text.length) return atEnd(isFinal)
  const word = text.slice(at - 2, at + 2).toLowerCase()
  return word === 'code' || word === 'sign' ? judgeNamed(text, at + 2, isFinal) : null
}

/** `aws configure set aws_secret_access_key …`: a name that is nothing else, so that a blank is enough. */
const SET_BY_WORDS = /(?:^|[^A-Za-z0-9])aws_(?:secret_access_key|session_token)$/i

const ENTITY_STARTS = '#aceglnq'

/** `Signature-25` and `Hmac-Sh`, whose windows end before the rest of the name. */
function judgeHashName(text: string, at: number, isFinal: boolean): Verdict {
  const rest = text.charCodeAt(at) === 53 ? '6' : 'a256'
  const end = at + 1 + rest.length
  if (end > text.length)
    return isFinal || !rest.startsWith(text.slice(at + 1).toLowerCase()) ? null : UNDECIDED
  const isName = text.slice(at + 1, end).toLowerCase() === rest && canBeFollowed(text, end)
  return isName ? judgeNamed(text, end, isFinal) : null
}

/** Behind a blank an ordinary word goes on with another word: a quick no for those. */
function canBeFollowed(text: string, at: number): boolean {
  const separator = text.charCodeAt(at)
  // Only an entity of HTML can be a sign.
  if (separator === 38) return ENTITY_STARTS.includes(text.charAt(at + 1))
  if (separator !== 32) return true
  const next = text.charCodeAt(at + 1)
  if (!isBase64UrlCode(next) || next === 45) return true
  // `Bearer token`, the options of commands, `--token value`, and `Name:token Value:value`.
  const last = text.charCodeAt(at - 1) | 32
  if (last === 114 || last === 99 || (next | 32) === 118) return true
  const before = text.slice(Math.max(0, at - MAX_NAME), at)
  return before.includes('--') || SET_BY_WORDS.test(before)
}

function isNameCode(code: number): boolean {
  return isBase64UrlCode(code) || code === 46
}

function startOfRun(text: string, end: number): number {
  const lowest = Math.max(0, end - MAX_NAME)
  let start = end
  while (start > lowest && isNameCode(text.charCodeAt(start - 1))) start -= 1
  return start
}

function judgeNamed(text: string, at: number, isFinal: boolean): Verdict {
  const words = findWords(text, at)
  const start = words === -1 ? startOfRun(text, at) : words
  const lead = readLead(text, start, at)
  const name = text.slice(lead.nameStart, at)
  const kind = classifyName(name)
  if (kind === null) return null
  const named: Named = {
    text,
    end: at,
    isFinal,
    lead: lead.code,
    start: lead.nameStart,
    name,
    kind,
  }
  const separator = kind === 'scheme' ? readSchemeGap(named) : readSeparator(named)
  if (separator === null || separator === UNDECIDED) return separator
  return isTied(named, separator) ? judgeValue(named, separator) : null
}

function isTied({ name, kind, lead }: Named, separator: Separator): boolean {
  // The closing tag of an element is no name.
  if (separator.kind === 'element') return lead !== 47
  return (
    separator.kind !== 'space' ||
    kind === 'scheme' ||
    name.startsWith('--') ||
    SET_BY_WORDS.test(name)
  )
}

/** What stands before a name, and where the name begins once an escape's digits are left out of it. */
interface Lead {
  readonly code: number
  readonly nameStart: number
}

function readLead(text: string, start: number, end: number): Lead {
  if (start === 0) return { code: 10, nameStart: 0 }
  const coloured = behindColour(text, start, end)
  if (coloured !== -1) return { code: 32, nameStart: coloured }
  const before = text.charCodeAt(start - 1)
  if (before === 37) return readPercentLead(text, start, end)
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
  // `#012`, a line break in syslog, is three digits of the name.
  if (before === 35 && /^01[125]/.test(text.slice(start, start + 3))) {
    return { code: 10, nameStart: start + 3 }
  }
  return { code: before, nameStart: start }
}

const ESCAPE = String.fromCharCode(27)
const COLOUR = new RegExp(`(?:${ESCAPE}|\\\\(?:u001[Bb]|x1[Bb]|033|e))\\[[\\d;]{0,12}m`)
const MAX_COLOUR = 20

/** Where a name begins behind a terminal's colour, whose last characters look like a part of it; -1: there is none. */
function behindColour(text: string, start: number, end: number): number {
  // The colour ends in digits and an m, and a bracket or a semicolon stands before them.
  const before = text.charCodeAt(start - 1)
  if (before !== 91 && before !== 59) return -1
  const from = Math.max(0, start - MAX_COLOUR)
  const found = COLOUR.exec(text.slice(from, Math.min(end, start + MAX_COLOUR)))
  if (found === null) return -1
  const behind = from + found.index + found[0].length
  return behind > start && behind < end ? behind : -1
}

function readPercentLead(text: string, start: number, end: number): Lead {
  let digits = start
  while (digits - start < 6 && text.startsWith('25', digits)) digits += 2
  const code = hexValue(text.charCodeAt(digits)) * 16 + hexValue(text.charCodeAt(digits + 1))
  return code >= 0 && digits + 2 <= end
    ? { code, nameStart: digits + 2 }
    : { code: 37, nameStart: start }
}

/** Names that are variables of programs as well: at the beginning of a line they are no parameters. */
const VARIABLES: ReadonlySet<SecretKind> = new Set(['md5', 'parameter', 'mac', 'key', 'signature'])

/** `?`, `&`, `;` and `#` begin a parameter, and so does the beginning of a line, where no program is written. */
function isParameterLead(code: number, kind: SecretKind): boolean {
  if (code === 10) return !VARIABLES.has(kind)
  return code === 63 || code === 38 || code === 59 || code === 35
}

/** Names that cookies alone have: wherever they stand, a sign behind them is that of a cookie. */
const COOKIES = /^cloudfront-signature$/i

const TIES: Readonly<Record<SeparatorKind, Tie>> = {
  assign: 'assigned',
  member: 'member',
  element: 'assigned',
  pair: 'weak',
  space: 'assigned',
}

function tieOf(named: Named, separator: Separator, valueEnd: number): Tie {
  const isParameter =
    separator.isPlainSign &&
    (isParameterLead(named.lead, named.kind) ||
      named.text.charCodeAt(valueEnd) === 38 ||
      COOKIES.test(named.name))
  return isParameter ? 'parameter' : TIES[separator.kind]
}

function judgeValue(named: Named, separator: Separator): Verdict {
  const { text, kind, isFinal } = named
  if (kind === 'authorization') return judgeAuthorization(text, separator.valueStart, isFinal)
  if (!isFinal && text.length - separator.valueStart < MAX_LABEL) {
    if (/^[\w=%\\:;,.* -]*$/.test(text.slice(separator.valueStart))) return UNDECIDED
  }
  const { start, hasParts } = skipLabels(text, separator.valueStart, separator.isPlainSign)
  const alphabet = hasParts ? 'parts' : chooseAlphabet(named, separator)
  const stopsAtSlash = kind === 'hmac' || isPathToken(named, start)
  const { layers } = separator
  const options = { isFinal, stopsAtSlash, alphabet, layers }
  const probe = readRun(text, start, { ...options, limit: start + DECISIVE_LENGTH })
  if (probe.isOpen && probe.end - start < DECISIVE_LENGTH) return UNDECIDED
  const value = text.slice(start, probe.end)
  if (!isSecret(named, { value, tie: tieOf(named, separator, probe.end) })) return null
  if (!separator.isQuoted && isCall(text, probe.end, value)) return null
  const run = readRun(text, start, options)
  return { start, end: run.end, isOpen: run.isOpen, stopsAtSlash, alphabet, layers }
}

/** Of `Basic` it is known what the value must be. */
function isSecret({ kind, name }: Named, candidate: Candidate): boolean {
  const isBasic = kind === 'scheme' && /^basic$/i.test(name)
  return isSecretValue(kind, candidate) && (!isBasic || isBasicCredentials(candidate.value))
}

/** `const token = createSessionToken(…)` is code. */
function isCall(text: string, valueEnd: number, value: string): boolean {
  return text.charCodeAt(valueEnd) === 40 && value.length < 48 && /^[A-Za-z_][\w.]*$/.test(value)
}

function chooseAlphabet({ kind, lead }: Named, separator: Separator): Alphabet {
  if (separator.isQuoted && separator.layers !== 0) return 'secret'
  if (kind === 'token') {
    if (separator.isQuoted) return 'quoted'
    // Qiniu's tokens are key id, colon, signature.
    return separator.isPlainSign && isParameterLead(lead, kind) ? 'joined' : 'secret'
  }
  return kind === 'password' ? 'wide' : 'secret'
}

/** In `/bcdn_token=…&expires=1/path` and `/edge-cache-token=…&Signature=…/path` the token ends at the slash. */
function isPathToken({ name, text }: Named, start: number): boolean {
  if (/^bcdn_token$/i.test(name)) return true
  if (!/^signature$/i.test(name)) return false
  const before = text.slice(Math.max(0, start - PATH_TOKEN_REACH), start)
  const token = before.lastIndexOf('edge-cache-token')
  return token !== -1 && !/[\s"'<>?]/.test(before.slice(token))
}
