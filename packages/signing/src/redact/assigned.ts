/**
 * How a value is tied to its name, and the ties that a sign makes: `name=value`, `name: value`, `name => value`.
 *
 * @module
 */
import type { LogicalCharacter } from './logical-character.ts'
import { BLANKS_AND_LINES, beginsValue, readKnown, readOpening, skipPrinted } from './opening.ts'
import { looksRandom } from './value.ts'
import { UNDECIDED, atEnd } from './verdict.ts'

/** How the value is tied to its name. */
export type SeparatorKind =
  /** `=`, `:` or an arrow. */
  | 'assign'
  /** `value`, as a member's own name says. */
  | 'member'
  /** The end of a tag. */
  | 'element'
  /** A comma, a column, a line: asks more of the value. */
  | 'pair'
  /** A blank, which ties only schemes and options to their values. */
  | 'space'

export interface Separator {
  readonly kind: SeparatorKind
  readonly valueStart: number
  /** How many times `=` or its like is percent-encoded: an escape of more layers belongs to the value. */
  readonly layers: number
  /** A quote stands directly before the value, so only a quote ends it. */
  readonly isQuoted: boolean
  /** `=` and nothing else, as in a query. */
  readonly isPlainSign: boolean
}

/** Where a name stands. */
export interface NamePlace {
  readonly text: string
  readonly start: number
  /** Behind its last character. */
  readonly end: number
  readonly isFinal: boolean
  /** The character before it. */
  readonly lead: number
}

export type Answer = Separator | typeof UNDECIDED | null

/** What stands directly before the name matches. */
export function isBehind(place: NamePlace, pattern: RegExp): boolean {
  return pattern.test(place.text.slice(Math.max(0, place.start - 40), place.start))
}

/** A tie of blanks alone. */
export function spaced(valueStart: number, layers: number): Separator {
  return { kind: 'space', valueStart, layers, isQuoted: false, isPlainSign: false }
}

/** What {@link readOpening} finds behind `sign`. */
export function opened(place: NamePlace, sign: LogicalCharacter, kind: SeparatorKind): Answer {
  const opening = readOpening(place.text, sign.next, place.isFinal)
  if (opening === null) return atEnd(place.isFinal)
  const { valueStart, isQuoted, isLoose } = opening
  const tie = isLoose && kind === 'assign' ? 'pair' : kind
  return { kind: tie, valueStart, layers: sign.layers, isQuoted, isPlainSign: false }
}

/** `=`, `:`, `==`, `:=`, `=>` and `->`. */
export function readAssigned(place: NamePlace, sign: LogicalCharacter): Answer {
  const { text, isFinal } = place
  let position = sign.next
  let isPlainSign = sign.code === 61
  for (let count = 0; count < 2; count += 1) {
    const next = readKnown(text, position)
    if (next === null) return atEnd(isFinal)
    if (next.code !== 61 && next.code !== 62) break
    position = next.next
    isPlainSign = false
  }
  if (isPlainSign && beginsValue(text, position, isFinal)) {
    return {
      kind: 'assign',
      valueStart: position,
      layers: sign.layers,
      isQuoted: false,
      isPlainSign,
    }
  }
  const answer = opened(place, { ...sign, next: position }, 'assign')
  if (answer === null || answer === UNDECIDED) return answer
  // The value of `name=` is empty at the end of a line, unless the line was only broken there.
  if (isPlainSign && answer.kind === 'pair') {
    const isBroken = isBrokenLine(text, position, answer.valueStart)
    return isBroken ? readContinued(text, answer, isFinal) : null
  }
  return { ...answer, isPlainSign: isPlainSign && answer.valueStart === position }
}

/** Nothing but blanks and ends of lines stands there. */
function isBrokenLine(text: string, from: number, to: number): boolean {
  return skipPrinted(text, from, BLANKS_AND_LINES, to - from) === to
}

/** As much of a line as can be the name of another assignment. */
const MAX_NAME = 80
const BEGINNING = /[\w.+/~%-]{0,80}/y
/** `X_Y=`, `name=value`: what base64 has behind its sign of padding is neither a value nor a name in capitals. */
const ASSIGNMENT = /^(?:[A-Z_][A-Z0-9_]*=|[\w.-]+=[^\s=&"'<])/

/** The value on the next line, unless an assignment of its own stands there. */
function readContinued(text: string, answer: Separator, isFinal: boolean): Answer {
  BEGINNING.lastIndex = answer.valueStart
  const beginning = BEGINNING.exec(text)?.[0] ?? ''
  const end = answer.valueStart + beginning.length
  if (!isFinal && beginning.length < MAX_NAME && end + 2 > text.length) return UNDECIDED
  if (!/\d/.test(beginning) || !looksRandom(beginning)) return null
  return ASSIGNMENT.test(text.slice(answer.valueStart, end + 2)) ? null : answer
}
