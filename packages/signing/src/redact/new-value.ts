/**
 * The second value of a change, as plans print it: `name = "old" -> "new"`.
 *
 * @module
 */
import { classifyName } from './names.ts'
import { isSecretValue } from './value-tests.ts'
import { DECISIVE_LENGTH, isBase64UrlCode, readRun } from './value.ts'
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const QUOTE = 34
const DOT = 46
const MAX_OLD = 330
const MAX_NAME = 80
const MAX_BLANKS = 60

/** The verdict on what stands behind `" -> "`, which ends before `end`. */
export function judgeNewValue(text: string, end: number, isFinal: boolean): Verdict {
  const close = end - 6
  if (text.charCodeAt(close) !== QUOTE) return null
  const from = Math.max(0, close - MAX_OLD)
  const open = text.slice(from, close).lastIndexOf('"')
  const kind = open === -1 ? null : classifyName(nameBefore(text, from + open))
  if (kind === null) return null
  const alphabet = 'quoted'
  const probe = readRun(text, end, { isFinal, alphabet, limit: end + DECISIVE_LENGTH })
  if (probe.isOpen && probe.end - end < DECISIVE_LENGTH) return UNDECIDED
  const value = text.slice(end, probe.end)
  if (!isSecretValue(kind, { value, tie: 'assigned' })) return null
  return { ...plainSecret(end, readRun(text, end, { isFinal, alphabet })), alphabet }
}

/** The name that is assigned the string whose first quote stands at `quote`; `''`: none. */
function nameBefore(text: string, quote: number): string {
  const sign = skipBlanks(text, quote)
  if (text.charAt(sign - 1) !== '=' && text.charAt(sign - 1) !== ':') return ''
  const last = skipBlanks(text, sign - 1)
  const end = text.charCodeAt(last - 1) === QUOTE ? last - 1 : last
  const lowest = Math.max(0, end - MAX_NAME)
  let start = end
  while (start > lowest && isNameCode(text.charCodeAt(start - 1))) start -= 1
  return text.slice(start, end)
}

function isNameCode(code: number): boolean {
  return isBase64UrlCode(code) || code === DOT
}

/** Behind the last character before `end` that is no blank. */
function skipBlanks(text: string, end: number): number {
  const lowest = Math.max(0, end - MAX_BLANKS)
  let at = end
  while (at > lowest && text.charAt(at - 1) === ' ') at -= 1
  return at
}
