/**
 * Finds calls in source text and takes their arguments apart, without a parser: brackets and strings are
 * enough to see where an argument ends.
 *
 * @module
 */
import { stringEnd } from './blank-comments.ts'

/** One call, or one literal with braces. Texts are as written, trimmed. */
export interface Call {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly parameters: readonly string[]
  /** Everything between the brackets. */
  readonly body: string
}

/** Calls with longer arguments are left out: nobody writes them, and files made by machines do. */
const MAX_BODY = 4000
/** More calls of one kind than this are not looked at in one file. */
const MAX_CALLS = 1000
const OPENING = '([{'
const CLOSING = ')]}'

/** Calls of a name the pattern matches; the pattern ends before the bracket and has the flag `g`. */
export function findCalls(text: string, pattern: RegExp): Call[] {
  const calls: Call[] = []
  for (const match of text.matchAll(pattern)) {
    if (calls.length >= MAX_CALLS) break
    const bracket = skipBlanks(text, match.index + match[0].length)
    if (!'({'.includes(text.charAt(bracket)) || text.charAt(bracket) === '') continue
    const body = readBalanced(text, bracket)
    if (body === null) continue
    calls.push({
      name: match[0].trim(),
      start: match.index,
      end: bracket + body.length + 2,
      parameters: splitTopLevel(body),
      body,
    })
  }
  return calls
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && at - from < 80 && /\s/.test(text.charAt(at))) at += 1
  return at
}

/** What stands between the bracket at `open` and the one that closes it; `null` if that is too far. */
function readBalanced(text: string, open: number): string | null {
  const piece = text.slice(open, open + MAX_BODY)
  // Most calls that go on for ever hold no closing bracket at all.
  if (!piece.includes(text.charAt(open) === '(' ? ')' : '}')) return null
  let depth = 0
  let at = 0
  while (at < piece.length) {
    const character = piece.charAt(at)
    if ('"\'`'.includes(character)) {
      at = stringEnd(piece, at, character)
      continue
    }
    if (OPENING.includes(character)) depth += 1
    if (CLOSING.includes(character)) depth -= 1
    if (depth === 0) return piece.slice(1, at)
    at += 1
  }
  return null
}

/** The pieces between commas that stand in no bracket and no string. */
export function splitTopLevel(text: string): string[] {
  const pieces: string[] = []
  let depth = 0
  let start = 0
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if ('"\'`'.includes(character)) {
      at = stringEnd(text, at, character)
      continue
    }
    if (OPENING.includes(character)) depth += 1
    if (CLOSING.includes(character)) depth -= 1
    if (character === ',' && depth === 0) {
      pieces.push(text.slice(start, at).trim())
      start = at + 1
    }
    at += 1
  }
  const last = text.slice(start).trim()
  return last === '' ? pieces : [...pieces, last]
}

const KEY = /^(?:\.\.\.)?["']?([A-Za-z_$][\w$-]*)["']?\s*(?:=>|:=|[:=])\s*/

/**
 * The expression a name has in a list of arguments or members: `name: x`, `name = x`, `'name' => x`, and the
 * bare `name` of a shorthand. `null` if it is not among them.
 */
export function findMember(body: string, name: string): string | null {
  for (const piece of splitTopLevel(unwrap(body))) {
    const key = KEY.exec(piece)
    if (key?.[1] === name) return piece.slice(key[0].length).trim()
    if (piece === name) return name
  }
  return null
}

/** The inside of `{ … }`, `[ … ]`, `Type{ … }` and `&Type{ … }`; the text itself otherwise. */
function unwrap(text: string): string {
  const match = /^&?[\w.]*\s*[{[]/.exec(text.trim())
  if (match === null) return text
  const inner = text.trim().slice(match[0].length)
  return inner.endsWith('}') || inner.endsWith(']') ? inner.slice(0, -1) : inner
}

/** The text of a string literal, `null` for any other expression. */
export function stringValue(expression: string | undefined): string | null {
  const match = /^["'`]([^"'`\n]*)["'`]$/.exec(expression?.trim() ?? '')
  return match?.[1] ?? null
}
