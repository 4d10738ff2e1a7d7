/**
 * Ties without a sign of their own: `"name", "value"`, `{"name":"name","value":"value"}`, `name="name" value="value"`, and the
 * parts of forms.
 *
 * @module
 */
import { isBehind, opened, readAssigned } from './assigned.ts'
import type { Answer, NamePlace } from './assigned.ts'
import type { LogicalCharacter } from './logical-character.ts'
import {
  BLANKS,
  BLANKS_AND_LINES,
  MAX_BLANKS,
  MAX_QUOTES,
  QUOTES,
  readKnown,
  skipPrinted,
} from './opening.ts'
import { UNDECIDED, atEnd } from './verdict.ts'

const MAX_WORD = 200
/** `(name, value)`, `[name, value]`. */
const PAIR_LEADS = new Set([40, 91])
/** `name: `, `Key = `: this is a name by another member's word. */
export const MEMBER_LABEL: RegExp = /(?:name|key)["'\\]{0,6}\s{0,2}[:=]\s{0,2}["'\\]{0,6}$/i

/** `"name", "value"`, and objects of a name and a value. */
export function readPair(place: NamePlace, comma: LogicalCharacter, isQuoted: boolean): Answer {
  const member = readMember(place, comma.next)
  if (member !== null) return member
  const isTied = isQuoted || (PAIR_LEADS.has(place.lead) && !isPath(place))
  return isTied ? opened(place, comma, 'pair') : null
}

/** `(request.token, …)` is no pair. */
function isPath({ text, start, end }: NamePlace): boolean {
  return text.slice(start, end).includes('.')
}

/** Members that stand between a name and its value. */
const PASSED_MEMBERS: ReadonlySet<string> = new Set(
  'comment id type class description disabled enabled equals in required maxlength autocomplete size'.split(
    ' ',
  ),
)

/** `value: …`, other members before it or not; `null` if something else follows. */
function readMember(place: NamePlace, from: number): Answer {
  const { text, isFinal } = place
  let position = from
  for (let count = 0; count < 5; count += 1) {
    const label = readLabel(text, position)
    if (label === null) return atEnd(isFinal)
    if (label === -1) return null
    const { word, sign } = label
    if (word === 'value' || word === 'stringvalue') {
      const answer = readAssigned(place, sign)
      return answer === null || answer === UNDECIDED ? answer : { ...answer, kind: 'member' }
    }
    if (!PASSED_MEMBERS.has(word)) return null
    const end = skipShortValue(text, sign.next)
    if (end === null) return atEnd(isFinal)
    position = end
  }
  return null
}

/** A member's name and the sign behind it; -1 if there is none, `null` if the text ends first. */
function readLabel(
  text: string,
  from: number,
): { readonly word: string; readonly sign: LogicalCharacter } | -1 | null {
  let position = skipPrinted(text, from, LEADING, MAX_BLANKS)
  let word = ''
  for (;;) {
    const read = readKnown(text, position)
    if (read === null) return null
    if (word.length > 14) return -1
    const letter = String.fromCharCode(read.code).toLowerCase()
    if (letter < 'a' || letter > 'z') break
    word += letter
    position = read.next
  }
  if (word === '') return -1
  position = skipPrinted(text, skipPrinted(text, position, QUOTES, MAX_QUOTES), BLANKS, 8)
  const sign = readKnown(text, position)
  if (sign === null) return null
  return sign.code === 61 || sign.code === 58 ? { word, sign } : -1
}

/** Blanks, quotes, and the colon of a Ruby symbol. */
const LEADING = new Set([...BLANKS_AND_LINES, ...QUOTES, 58, 44])

/** Behind the value of a member that is passed over; `null` if the text ends first. */
function skipShortValue(text: string, from: number): number | null {
  let position = skipPrinted(text, from, BLANKS, 8)
  const quoted = skipPrinted(text, position, QUOTES, 1) > position
  position = skipPrinted(text, position, QUOTES, 1)
  for (let count = 0; count < 80; count += 1) {
    const read = readKnown(text, position)
    if (read === null) return null
    const isEnd = quoted
      ? QUOTES.has(read.code)
      : read.code === 44 || BLANKS_AND_LINES.has(read.code)
    if (isEnd) return read.next
    position = read.next
  }
  return position
}

/**
 * What follows a name in quotes, or a member's value, without a comma: `value="…"`, a second string, or a form's part with its
 * headers, whose line breaks may have become blanks.
 */
export function readSecond(place: NamePlace, from: number, isQuoted: boolean): Answer {
  const { text, isFinal } = place
  let position = skipPrinted(text, from, BLANKS_AND_LINES, MAX_BLANKS)
  const member = readMember(place, position)
  if (member !== null) return member
  if (!isQuoted) return null
  let isPart = /[\r\n]|\\[rn]|#01[25]/.test(text.slice(from, position))
  for (let line = 0; line < 3; line += 1) {
    const prefix = text.slice(position, position + 8).toLowerCase()
    if (prefix.length < 8 && 'content-'.startsWith(prefix)) return atEnd(isFinal)
    if (prefix !== 'content-') break
    const end = headerEnd(text, position)
    if (end === null) return atEnd(isFinal)
    position = skipPrinted(text, end, BLANKS_AND_LINES, MAX_BLANKS)
    isPart = true
  }
  const kind = isPart && isBehind(place, MEMBER_LABEL) ? 'member' : 'pair'
  const answer = opened(place, { code: 32, next: position, layers: 0 }, kind)
  // Whatever stands on the line is the field's value.
  return answer === null || answer === UNDECIDED ? answer : { ...answer, isQuoted: true }
}

/** Behind the value of a header of a form's part: one word, and one more behind each semicolon. */
function headerEnd(text: string, from: number): number | null {
  let position = from
  let last = 58
  for (let count = 0; count < MAX_WORD; count += 1) {
    const read = readKnown(text, position)
    if (read === null) return null
    const isBreak = BLANKS_AND_LINES.has(read.code)
    if (isBreak && last !== 58 && last !== 59) return position
    if (!isBreak) last = read.code
    position = read.next
  }
  return position
}
