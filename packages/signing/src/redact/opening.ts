/**
 * Reads what programs print between a sign and the value it assigns: blanks, a line break, quotes, the brackets of a list, and
 * the words of their languages: `[]string{"v"}`, `Some("v")`, `string(44) "v"`, `[0] => v`, `- v`, `<![CDATA[v]]>`.
 *
 * @module
 */
import { INCOMPLETE, readLogical } from './logical-character.ts'
import type { LogicalCharacter } from './logical-character.ts'

/** Where a value begins. */
export interface Opening {
  readonly valueStart: number
  /** A quote stands directly before the value, so only a quote ends it. */
  readonly isQuoted: boolean
  /** A line ends between the sign and the value, or a bracket of an expression opens, and nothing says that the value follows. */
  readonly isLoose: boolean
}

const MAX_COLOURS = 4
const BACKSLASH = 92
export const MAX_QUOTES = 12
export const MAX_BLANKS = 80
const MAX_OPENING = 400
const MAX_STEPS = 120

function codes(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)))
}

export const QUOTES: ReadonlySet<number> = codes('"\'`')
export const LINES: ReadonlySet<number> = codes('\r\n')
export const BLANKS: ReadonlySet<number> = codes(' \t')
export const BLANKS_AND_LINES: ReadonlySet<number> = new Set([...BLANKS, ...LINES])
const BRACKETS = codes('[({<')

const SYSLOG_CONTROLS: Readonly<Record<string, number>> = { '#011': 9, '#012': 10, '#015': 13 }

/** A terminal's colour behind its escape character. */
const COLOUR = /\[[\d;]{0,12}m/y
/** The same cut off. */
const COLOUR_START = /^(?:\[[\d;]{0,12})?$/
const ESCAPE = 27

/** One character, as {@link readLogical}; control characters also as syslog writes them. Colours are no characters. */
function readPrinted(text: string, from: number): LogicalCharacter | typeof INCOMPLETE | null {
  const at = skipColours(text, from)
  if (at === -1) return INCOMPLETE
  if (text.charCodeAt(at) !== 35) return readLogical(text, at)
  const escape = text.slice(at, at + 4)
  if (escape.length < 4 && '#01'.startsWith(escape)) return INCOMPLETE
  const code = SYSLOG_CONTROLS[escape]
  return code === undefined
    ? { code: 35, next: at + 1, layers: 0 }
    : { code, next: at + 4, layers: 0 }
}

/** Behind the colours that begin at `from`; -1: the text ends within one. */
function skipColours(text: string, from: number): number {
  let at = from
  for (let count = 0; count < MAX_COLOURS; count += 1) {
    const code = text.charCodeAt(at)
    if (code !== ESCAPE && code !== BACKSLASH) break
    const read = code === ESCAPE ? { code, next: at + 1 } : readLogical(text, at)
    if (read === null || read === INCOMPLETE || read.code !== ESCAPE) break
    COLOUR.lastIndex = read.next
    if (!COLOUR.test(text))
      return COLOUR_START.test(text.slice(read.next, read.next + 16)) ? -1 : at
    at = COLOUR.lastIndex
  }
  return at
}

/** The same; `null` wherever the text ends first. */
export function readKnown(text: string, at: number): LogicalCharacter | null {
  const read = readPrinted(text, at)
  return read === INCOMPLETE ? null : read
}

/** Behind up to `max` characters of the set. */
export function skipPrinted(
  text: string,
  at: number,
  set: ReadonlySet<number>,
  max: number,
): number {
  let position = at
  for (let count = 0; count < max; count += 1) {
    const read = readKnown(text, position)
    if (read === null || !set.has(read.code)) break
    position = read.next
  }
  return position
}

/** What redact puts in a secret's place begins with a bracket too, and is no list. */
const PLACEHOLDER = 'redacted]'
/** The longest word below: with fewer characters left, more text could complete one. */
const LONGEST_WORD = 40
/** One word or sign without an end, or an index or sign whose rest may follow. */
const UNFINISHED = /^(?:\S*|(?:[[({<|>!"'\\#&-]\S*)\s*=?|\d{1,2}\]?\s*(?:=\S*)?)$/

const BLANK = '(?:\\s|%(?:25){0,3}(?:20|09|0[AaDd]))'
const LINE_BREAK = '(?:[\\r\\n]|\\\\+[rn]|#01[25]|%(?:25){0,3}0[AaDd])'
const QUOTE = '(?:\\\\*["\']|&#39;|&quot;|%(?:25){0,3}2[27])'
const GREATER = '(?:>|&gt;|\\\\+u003[Ee]|%(?:25){0,3}3[Ee])'
const EQUALS = '(?:=|%(?:25){0,3}3[Dd])'
const BRACKET = '(?:\\[|%(?:25){0,3}5[Bb])'
/** Words that stand before a value: types, constructors, indexes, and YAML's signs for a value on the next lines. */
const WORD = new RegExp(
  [
    `(?:${BRACKET}(?:\\]|%(?:25){0,3}5[Dd])string|(?:std::)?string(?:\\(\\d{1,6}\\))?|array\\(\\d{1,3}\\)|[Aa]rray|Some|Just|Optional|List|Vector|Set|Seq|String|bytes|new)(?=[\\s\\\\([{"'<&#%])`,
    `[bBuUrRfNL@](?=${QUOTE})`,
    `${BRACKET}?\\d{1,2}(?:\\]|%(?:25){0,3}5[Dd])?${BLANK}?${EQUALS}${GREATER}`,
    `!!?[a-z]{1,10}(?=${BLANK})`,
    `!${BRACKET}CDATA${BRACKET}`,
    `(?:\\||%(?:25){0,3}7[Cc]|${GREATER})[+-]?(?=${BLANK}*${LINE_BREAK}|${BLANK}{2})`,
  ].join('|'),
  'y',
)
/** The only member of an object around a value. */
const ONLY_MEMBER = new RegExp(
  `(${QUOTE})(?:S|value|stringValue|string_value|Value)\\1${BLANK}?(?::|%(?:25){0,3}3[Aa])`,
  'y',
)
/** An item of a list, where a list has items. */
const BULLET = new RegExp(`-(?=${BLANK})`, 'y')

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

/** The beginning of what adds a string to a string. */
const UNADDED = /^[ \t]*(?:[+.&|<\\]{0,2}[\s\\]*)$/

interface Progress {
  position: number
  quotes: number
  isQuoted: boolean
  isLoose: boolean
  isAnnounced: boolean
}

/** Does the value begin at `at` itself? A quick yes for most; `false` says nothing. */
export function beginsValue(text: string, at: number, isFinal: boolean): boolean {
  const code = text.charCodeAt(at)
  const lower = code | 32
  const isAlphanumeric = (code >= 48 && code <= 57) || (lower >= 97 && lower <= 122)
  if (!isAlphanumeric || (!isFinal && text.length - at < LONGEST_WORD)) return false
  return matchEnd(WORD, text, at) === -1
}

/** Where the value behind `at` begins; `null`: the text ends before it does. */
export function readOpening(text: string, at: number, isFinal: boolean): Opening | null {
  const progress: Progress = {
    position: at,
    quotes: 0,
    isQuoted: false,
    isLoose: false,
    isAnnounced: false,
  }
  for (let step = 0; step < MAX_STEPS && progress.position - at < MAX_OPENING; step += 1) {
    const isShort = !isFinal && text.length - progress.position < LONGEST_WORD
    if (isShort && !progress.isQuoted && UNFINISHED.test(text.slice(progress.position))) return null
    const read = readKnown(text, progress.position)
    if (read === null) return null
    if (isShort && progress.quotes === 1 && UNADDED.test(text.slice(progress.position))) return null
    if (!advance(text, progress, read)) break
  }
  const { position, isQuoted, isLoose, isAnnounced } = progress
  return { valueStart: position, isQuoted, isLoose: isLoose && !isQuoted && !isAnnounced }
}

/** Takes one step towards the value; `false`: it begins here. */
function advance(text: string, progress: Progress, read: LogicalCharacter): boolean {
  const coloured = skipColours(text, progress.position)
  if (coloured > progress.position) {
    progress.position = coloured
    return true
  }
  if (QUOTES.has(read.code)) {
    progress.position = read.next
    progress.quotes += 1
    progress.isQuoted = true
    return true
  }
  if (progress.isQuoted) return passQuoted(text, progress, read)
  if (BLANKS.has(read.code) || LINES.has(read.code)) {
    progress.isLoose ||= LINES.has(read.code)
    progress.position = read.next
    return true
  }
  const word = wordEnd(text, progress.position)
  if (word !== -1) {
    progress.position = word
    progress.isAnnounced = true
    return true
  }
  if (!BRACKETS.has(read.code)) return false
  if (read.code === 91 && PLACEHOLDER.startsWith(text.slice(read.next, read.next + 9))) return false
  const member = matchEnd(ONLY_MEMBER, text, skipPrinted(text, read.next, BLANKS, 8))
  progress.position = member === -1 ? read.next : member
  // `[value]` is a list of one; `(`, `{` and `<` begin expressions and types as well.
  if (read.code === 91) progress.isAnnounced = true
  else progress.isLoose = true
  return true
}

/** The end of one string and the beginning of the next, which is added to it. */
const ADDED =
  /[ \t]{0,8}(?:\+|\.{1,2}|&|\|\||<<)[ \t\r\n]{0,80}\\*(?=["'`])|[ \t]{1,8}\\*(?=["'`])/y

/** What may stand between a first quote and the value: a line break where there are three, or the sign that adds another string. */
function passQuoted(text: string, progress: Progress, read: LogicalCharacter): boolean {
  if (progress.quotes >= 3) {
    const isGap = BLANKS_AND_LINES.has(read.code) || read.code === BACKSLASH
    if (isGap) progress.position = read.next
    return isGap
  }
  const added = progress.quotes === 1 ? matchEnd(ADDED, text, progress.position) : -1
  if (added === -1) return false
  progress.position = added
  progress.quotes = 0
  return true
}

function wordEnd(text: string, at: number): number {
  const word = matchEnd(WORD, text, at)
  return word === -1 ? matchEnd(BULLET, text, at) : word
}
