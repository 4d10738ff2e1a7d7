/**
 * Passwords in URLs: `https://user:password@host`, and tokens in the place of a user.
 *
 * @module
 */
import { isTemplate } from './value-tests.ts'
import { looksRandom } from './value.ts'
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const AT = 64
const COLON = 58
const SLASH = 47
const BACKSLASH = 92
const MIN_TOKEN = 20
/** The longest user part that is looked at. */
export const MAX_USER_INFO = 400
/** What ends the authority of a URL, or the URL. */
const ENDS: Uint8Array = new Uint8Array(128)
for (const end of '/?#\\"\'`<>()[]{},;| \t\r\n') ENDS[end.charCodeAt(0)] = 1

function endsAuthority(code: number): boolean {
  return code < 128 && ENDS[code] === 1
}

/** Where the authority begins whose characters end before `end`, at `lowest` or behind it; -1: none does. */
export function authorityBefore(text: string, end: number, lowest: number): number {
  for (let at = end - 1; at >= lowest; at -= 1) {
    const code = text.charCodeAt(at)
    if (!endsAuthority(code)) continue
    return code === SLASH && isBehindScheme(text, at) ? at + 1 : -1
  }
  return -1
}

/** `://`, and `:\\/\\/` in JSON. */
function isBehindScheme(text: string, slash: number): boolean {
  if (text.charCodeAt(slash - 1) === BACKSLASH) return text.startsWith(':\\/\\', slash - 4)
  return text.startsWith(':/', slash - 2)
}

/** The verdict on the authority that begins at `start`. */
export function judgeAuthority(text: string, start: number, isFinal: boolean): Verdict {
  const limit = Math.min(text.length, start + MAX_USER_INFO)
  let colon = -1
  let at = -1
  let position = start
  for (; position < limit; position += 1) {
    const code = text.charCodeAt(position)
    if (endsAuthority(code)) break
    if (code === AT) at = position
    else if (code === COLON && colon === -1) colon = position
  }
  if (position === text.length && position < start + MAX_USER_INFO && !isFinal) return UNDECIDED
  if (at === -1) return null
  const hasPassword = colon !== -1 && colon < at
  const from = hasPassword ? colon + 1 : start
  const value = text.slice(from, at)
  return isSecret(value, hasPassword) ? plainSecret(from, { end: at, isOpen: false }) : null
}

function isSecret(value: string, isPassword: boolean): boolean {
  if (isPassword) return value !== '' && !isTemplate(value)
  return value.length >= MIN_TOKEN && looksRandom(value) && !/^[0-9a-f]+$/i.test(value)
}
