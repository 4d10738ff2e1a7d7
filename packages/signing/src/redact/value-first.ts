/**
 * Objects whose value stands before its name: `{"value":"…","name":"sig"}`.
 *
 * @module
 */
import { classifyName } from './names.ts'
import { BLANKS, LINES, QUOTES, readKnown, skipPrinted } from './opening.ts'
import { readSeparator } from './separator.ts'
import { isSecretValue } from './value-tests.ts'
import { DECISIVE_LENGTH, looksRandom, readRun } from './value.ts'
import { UNDECIDED, atEnd, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const MIN_VALUE = 8
const MAX_VALUE = 4096
const GAP = new Set([...QUOTES, ...BLANKS, ...LINES, 44])
const SIGNS = new Set([...QUOTES, ...BLANKS, 58, 61, 62])
/** `"name"`, escaped; and one escape. */
const MAX_LABEL = 16
const MAX_ESCAPE = 8
/** The next member's name is no further away than this. */
const MAX_REST = 300
const NAME = /[\w.-]{1,80}/y
const LABEL = /(?:name|key)(?=["'\\&\s:=])/iy

/** The verdict on `value` ending at `at`: its string goes if the member behind it is the name of a secret. */
export function judgeValueFirst(text: string, at: number, isFinal: boolean): Verdict {
  if (text.slice(at - 5, at).toLowerCase() !== 'value') return null
  const place = { text, end: at, isFinal, lead: 34, start: at - 5 }
  const separator = readSeparator(place)
  if (separator === null || separator === UNDECIDED) return separator
  if (separator.kind !== 'assign' || !separator.isQuoted) return null
  const start = separator.valueStart
  const run = readRun(text, start, { isFinal, limit: start + MAX_VALUE })
  if (run.isOpen) return run.end - start < MAX_VALUE ? UNDECIDED : null
  const value = text.slice(start, Math.min(run.end, start + DECISIVE_LENGTH))
  if (value.length < MIN_VALUE || !looksRandom(value)) return null
  // Blanks behind its end say that a text does not go on.
  const rest = text.slice(run.end, run.end + MAX_REST) + (isFinal ? ' '.repeat(MAX_LABEL) : '')
  const name = readName(rest)
  if (name === null) return atEnd(isFinal)
  const kind = classifyName(name)
  if (kind === null || !isSecretValue(kind, { value, tie: 'member' })) return null
  return plainSecret(start, { end: run.end, isOpen: false })
}

/** The name that the next member gives; `''`: it gives none, `null`: the text ends first. */
function readName(text: string): string | null {
  const closed = skipPrinted(text, 0, QUOTES, 4)
  if (closed === 0) return text.length < MAX_ESCAPE ? null : ''
  const comma = readKnown(text, skipPrinted(text, closed, BLANKS, 8))
  if (comma === null) return null
  if (comma.code !== 44) return ''
  const labelStart = skipPrinted(text, comma.next, GAP, 80)
  LABEL.lastIndex = labelStart
  if (!LABEL.test(text)) return text.length - labelStart < MAX_LABEL ? null : ''
  const nameStart = skipPrinted(text, LABEL.lastIndex, SIGNS, 24)
  NAME.lastIndex = nameStart
  const name = NAME.exec(text)?.[0] ?? ''
  // A name at the end of the text may go on, and so may an escape before it.
  return text.length - nameStart - name.length < MAX_ESCAPE ? null : name
}
