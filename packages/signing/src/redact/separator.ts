/**
 * Reads what stands between a name and its value, in every wrapping logs use:
 *
 * ```
 * name=value   "name":"value"   \"name\":\"value\"   name%3Dvalue   <name>value</name>   name: value
 * ["name","value"]   {"name":"name","value":"value"}   name="name" value="value"   'name' => 'value'
 * name="name" CRLF CRLF value     (a part of a multipart form)
 * ```
 *
 * @module
 */
import { INCOMPLETE, readLogical } from './logical-character.ts'
import type { LogicalCharacter } from './logical-character.ts'

/** How the value is tied to its name: `pair` and `space` are weak ties, and ask more of the value. */
export type SeparatorKind = 'assign' | 'element' | 'pair' | 'space'

export interface Separator {
  readonly kind: SeparatorKind
  readonly valueStart: number
  /** How many times `=` or its like is percent-encoded: an escape of more layers belongs to the value. */
  readonly layers: number
  /** A quote stands directly before the value, so only a quote ends it. */
  readonly isQuoted: boolean
}

/** The text ends before the answer is known. */
export const UNDECIDED = 'undecided'

const MAX_QUOTES = 12
const MAX_BLANKS = 80
const MAX_HEADER_LINE = 200
/** More layers than are ever read: no escape belongs to the value for its layers alone. */
export const MAX_LAYERS = 9

function codes(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)))
}

const QUOTES = codes('"\'`\\]')
const BLANKS = codes(' \t')
const BLANKS_AND_LINES = codes(' \t\r\n')
const LINES = codes('\r\n')

/** Behind up to `max` characters of the set. */
function skip(text: string, at: number, set: ReadonlySet<number>, max: number): number {
  let position = at
  for (let count = 0; count < max; count += 1) {
    const read = readLogical(text, position)
    if (read === null || read === INCOMPLETE || !set.has(read.code)) break
    position = read.next
  }
  return position
}

type Answer = Separator | typeof UNDECIDED | null

/** What a reader answers when the text ended under it. */
function atEnd(isFinal: boolean): typeof UNDECIDED | null {
  return isFinal ? null : UNDECIDED
}

/** The tie that begins at `at`, directly behind a name; `null` if no value follows. */
export function readSeparator(text: string, at: number, isFinal: boolean): Answer {
  const afterQuotes = skip(text, at, QUOTES, MAX_QUOTES)
  const isQuoted = afterQuotes > at
  const position = skip(text, afterQuotes, BLANKS, MAX_BLANKS)
  const read = readLogical(text, position)
  if (read === null || read === INCOMPLETE) return atEnd(isFinal)
  switch (String.fromCharCode(read.code)) {
    case '=':
    case ':':
      return readAssigned(text, read, isFinal)
    case '>':
      return { kind: 'element', valueStart: read.next, layers: read.layers, isQuoted: false }
    case ',':
      return isQuoted ? readPair(text, read, isFinal) : null
    case '\r':
    case '\n':
      return isQuoted ? readFormPart(text, position, isFinal) : null
    default:
      if (position === afterQuotes) return null
      return isQuoted
        ? readValueAttribute(text, position, isFinal)
        : { kind: 'space', valueStart: position, layers: read.layers, isQuoted: false }
  }
}

function readAssigned(text: string, sign: LogicalCharacter, isFinal: boolean): Answer {
  let position = sign.next
  const arrow = readLogical(text, position)
  if (arrow === null || arrow === INCOMPLETE) return atEnd(isFinal)
  if (arrow.code === 62) position = arrow.next
  position = skip(text, position, BLANKS, MAX_BLANKS)
  position = skipBracket(text, position, isFinal)
  if (position === -1) return UNDECIDED
  const valueStart = skip(text, position, QUOTES, MAX_QUOTES)
  const next = readLogical(text, valueStart)
  if (next === null || next === INCOMPLETE) return atEnd(isFinal)
  return { kind: 'assign', valueStart, layers: sign.layers, isQuoted: valueStart > position }
}

/** What redact puts in a secret's place begins with a bracket too, and is no list. */
const PLACEHOLDER = 'redacted]'

/** Behind the bracket of a list, quoted or not; the same place if there is none; -1 if the text ends too early. */
function skipBracket(text: string, at: number, isFinal: boolean): number {
  const bracket = readLogical(text, at)
  if (bracket === null || bracket === INCOMPLETE || bracket.code !== 91) return at
  const inside = skip(text, bracket.next, BLANKS_AND_LINES, MAX_BLANKS)
  const ahead = text.slice(inside, inside + PLACEHOLDER.length)
  if (ahead === PLACEHOLDER) return at
  return !isFinal && PLACEHOLDER.startsWith(ahead) ? -1 : inside
}

/** `"name", "value"`, and the name-value objects of HAR files. */
function readPair(text: string, comma: LogicalCharacter, isFinal: boolean): Answer {
  const { layers } = comma
  const quote = skip(text, comma.next, BLANKS_AND_LINES, MAX_BLANKS)
  const position = skip(text, quote, QUOTES, MAX_QUOTES)
  if (text.length - position < 5) return atEnd(isFinal)
  if (position === quote) return null
  if (text.slice(position, position + 5).toLowerCase() !== 'value') {
    return { kind: 'pair', valueStart: position, layers, isQuoted: true }
  }
  const afterName = skip(text, position + 5, QUOTES, MAX_QUOTES)
  const colon = readLogical(text, skip(text, afterName, BLANKS, MAX_BLANKS))
  if (colon === null || colon === INCOMPLETE) return atEnd(isFinal)
  return colon.code === 58 ? readAssigned(text, colon, isFinal) : null
}

/** `value="…"`, directly behind the name of a form's input. */
function readValueAttribute(text: string, at: number, isFinal: boolean): Answer {
  const word = text.slice(at, at + 6).toLowerCase()
  if (word === 'value=') {
    return readAssigned(text, { code: 61, next: at + 6, layers: 0 }, isFinal)
  }
  return 'value='.startsWith(word) ? atEnd(isFinal) : null
}

/** The empty line, other headers of the part before it or not. */
function readFormPart(text: string, at: number, isFinal: boolean): Answer {
  let position = at
  for (let line = 0; line < 4; line += 1) {
    const afterBreak = skipLineBreak(text, position)
    if (afterBreak === -1) return atEnd(isFinal)
    const afterEmpty = skipLineBreak(text, afterBreak)
    if (afterEmpty === -1) return atEnd(isFinal)
    if (afterEmpty > afterBreak)
      return { kind: 'pair', valueStart: afterEmpty, layers: 0, isQuoted: true }
    const prefix = text.slice(afterBreak, afterBreak + 8).toLowerCase()
    if (prefix.length < 8 && 'content-'.startsWith(prefix)) return atEnd(isFinal)
    if (prefix !== 'content-') return null
    position = findLineEnd(text, afterBreak)
    if (position === -1) return text.length - afterBreak > MAX_HEADER_LINE ? null : atEnd(isFinal)
  }
  return null
}

/** Behind one line break, the same place if there is none, -1 if the text ends first. */
function skipLineBreak(text: string, at: number): number {
  const first = readLogical(text, at)
  if (first === null || first === INCOMPLETE) return -1
  if (!LINES.has(first.code)) return at
  if (first.code === 10) return first.next
  const second = readLogical(text, first.next)
  if (second === null || second === INCOMPLETE) return -1
  return second.code === 10 ? second.next : first.next
}

function findLineEnd(text: string, from: number): number {
  const stop = Math.min(text.length, from + MAX_HEADER_LINE)
  for (let at = from; at < stop; at += 1) {
    const read = readLogical(text, at)
    if (read !== null && read !== INCOMPLETE && LINES.has(read.code)) return at
  }
  return -1
}
