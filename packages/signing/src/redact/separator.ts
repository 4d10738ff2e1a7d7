/**
 * Reads what stands between a name and its value, in every wrapping logs use:
 *
 * ```
 * name=value   "name":"value"   \"name\":\"value\"   name%3Dvalue   <name>value</name>   name: value
 * ["name","value"]   {"name":"name","value":"value"}   name="name" value="value"   'name' => 'value'
 * <td>name</td><td>value</td>   | name | value |   name -> value   name="name" CRLF CRLF value (a form's part)
 * ```
 *
 * @module
 */
import { isBehind, opened, readAssigned, spaced } from './assigned.ts'
import type { Answer, NamePlace } from './assigned.ts'
import type { LogicalCharacter } from './logical-character.ts'
import { MEMBER_LABEL, readPair, readSecond } from './members.ts'
import {
  BLANKS,
  BLANKS_AND_LINES,
  LINES,
  MAX_BLANKS,
  MAX_QUOTES,
  QUOTES,
  readKnown,
  skipPrinted,
} from './opening.ts'
import { MAX_LAYERS } from './value.ts'
import { atEnd } from './verdict.ts'

const CLOSING = new Set([...QUOTES, 93])
const TAB = /\t|\\t|#011/
/** `- `: an item of a list. */
const ITEM = /(?:^|[\s\\nr12])- $/
/** `| `: a cell of a table. */
const CELL = /\|\s{0,12}[`*]{0,2}$/

type ReadSign = (place: NamePlace, sign: LogicalCharacter, isQuoted: boolean) => Answer

/** By the character behind a name, its quotes and blanks. */
const SIGNS: ReadonlyMap<number, ReadSign> = new Map<number, ReadSign>(
  Object.entries({
    '=': readAssigned,
    ':': readAssigned,
    '-': readDash,
    '>': (place: NamePlace, sign: LogicalCharacter) => opened(place, sign, 'element'),
    '<': readTags,
    ',': readPair,
    '|': (place: NamePlace, sign: LogicalCharacter) =>
      isBehind(place, CELL) ? opened(place, sign, 'pair') : null,
  }).map(([sign, read]) => [sign.charCodeAt(0), read]),
)

/** The tie that begins behind a name; `null` if no value follows. */
export function readSeparator(place: NamePlace): Answer {
  const { text, end, isFinal } = place
  const quotesEnd = skipPrinted(text, end, CLOSING, MAX_QUOTES)
  const isQuoted = quotesEnd > end
  const closed = isQuoted ? skipBinaryEnd(text, quotesEnd) : quotesEnd
  const position = skipPrinted(text, closed, BLANKS, MAX_BLANKS)
  const read = readKnown(text, position)
  if (read === null) return atEnd(isFinal)
  const readSign = SIGNS.get(read.code)
  if (readSign !== undefined) return readSign(place, read, isQuoted)
  const isLine = LINES.has(read.code)
  if (position === closed && !isLine) return null
  if (isQuoted || isBehind(place, MEMBER_LABEL)) return readSecond(place, position, isQuoted)
  if (isLine) return isBehind(place, ITEM) ? readNextItem(place, position) : null
  const isColumn = QUOTES.has(read.code) || TAB.test(text.slice(closed, position))
  return isColumn
    ? opened(place, { ...read, next: position }, 'pair')
    : spaced(position, read.layers)
}

/** `>>`, the end of Erlang's binaries. */
function skipBinaryEnd(text: string, at: number): number {
  const first = readKnown(text, at)
  if (first === null || first.code !== 62) return at
  const second = readKnown(text, first.next)
  return second !== null && second.code === 62 ? second.next : at
}

/** `name -> value`, and the next item of a list of two. */
function readDash(place: NamePlace, dash: LogicalCharacter): Answer {
  const next = readKnown(place.text, dash.next)
  if (next === null) return atEnd(place.isFinal)
  if (next.code === 62) return opened(place, next, 'assign')
  return isBehind(place, ITEM) && BLANKS.has(next.code) ? opened(place, next, 'pair') : null
}

/** The next line, if it begins with a dash too. */
function readNextItem(place: NamePlace, from: number): Answer {
  const position = skipPrinted(place.text, from, BLANKS_AND_LINES, MAX_BLANKS)
  const dash = readKnown(place.text, position)
  if (dash === null) return atEnd(place.isFinal)
  return dash.code === 45 ? readDash(place, dash) : null
}

/** `</name><value>`: the end of the name's element and the beginning of the next ones. */
function readTags(place: NamePlace, bracket: LogicalCharacter): Answer {
  const { text, isFinal } = place
  let position = tagEnd(text, bracket.next)
  if (position === null) return atEnd(isFinal)
  for (let count = 0; count < 3; count += 1) {
    const start = skipPrinted(text, position, BLANKS_AND_LINES, MAX_BLANKS)
    const next = readKnown(text, start)
    if (next === null) return atEnd(isFinal)
    if (next.code !== 60) break
    const after = readKnown(text, next.next)
    if (after === null) return atEnd(isFinal)
    // `</name></member>`, and a CDATA section, which is the value.
    if (after.code === 33) break
    if (after.code === 47 && count > 0) return null
    const end = tagEnd(text, next.next)
    if (end === null) return atEnd(isFinal)
    if (end === -1) return null
    position = end
  }
  return position === -1 ? null : opened(place, { ...bracket, next: position }, 'pair')
}

/** Behind the `>` of a tag; -1 if there is none near, `null` if the text ends first. */
function tagEnd(text: string, from: number): number | null {
  let position = from
  for (let count = 0; count < 60; count += 1) {
    const read = readKnown(text, position)
    if (read === null) return null
    if (read.code === 62) return read.next
    if (read.code === 60 || LINES.has(read.code)) return -1
    position = read.next
  }
  return -1
}

/** White space, in any spelling, between `Bearer` and its token. */
export function readSchemeGap({ text, end, isFinal }: NamePlace): Answer {
  if (text.charCodeAt(end) === 43) return spaced(end + 1, MAX_LAYERS)
  const position = skipPrinted(text, end, BLANKS, MAX_BLANKS)
  const read = readKnown(text, position)
  if (read === null) return atEnd(isFinal)
  return position === end ? null : spaced(position, read.layers)
}
