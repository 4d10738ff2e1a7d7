/**
 * The secret key beside the id of an AWS access key: two cells of a row, as the consoles hand keys out (`credentials.csv`), or two
 * words of a line.
 *
 * @module
 */
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const SECRET_LENGTH = 40
/** Behind `AKIA`: the rest of the id, and what stands between two cells. */
const BESIDE = /[A-Z2-7]{16}(?:["']?[ \t]{0,8}[,;:|\t][ \t]{0,8}["']?|["']? {1,8}["']?)/y
const SECRET = /[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/y
/** The longest that is looked at, and what all of it consists of. */
const MAX_PAIR = 80
const POSSIBLE = /^[A-Za-z0-9+/"' \t,;:|]*$/

/** `AKIA…,secret`, noticed at the first four letters of the id. */
export function judgeKeyPair(text: string, end: number, isFinal: boolean): Verdict {
  const rest = text.slice(end, end + MAX_PAIR)
  const isCut = !isFinal && rest.length < MAX_PAIR && POSSIBLE.test(rest)
  BESIDE.lastIndex = end
  if (!BESIDE.test(text)) return isCut ? UNDECIDED : null
  const start = BESIDE.lastIndex
  SECRET.lastIndex = start
  const isEnded = start + SECRET_LENGTH < text.length || isFinal
  if (!isEnded || !SECRET.test(text)) return isCut ? UNDECIDED : null
  const value = text.slice(start, start + SECRET_LENGTH)
  const isSecret = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[\d+/]/.test(value)
  return isSecret ? plainSecret(start, { end: start + SECRET_LENGTH, isOpen: false }) : null
}
