/**
 * Private keys in PEM [RFC7468 2], in whatever their lines are wrapped.
 *
 * @module
 */
import { beginsArmor, readArmor } from './armor.ts'
import { DECISIVE_LENGTH, looksRandom, readRun } from './value.ts'
import { UNDECIDED, atEnd, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-$/
const REST_OF_BORDER = '----'
/** The longest border that is looked at. */
const MAX_BORDER = 80
const MIN_PRIVATE_KEY = 32

/** What stands between the borders of a private key, whose first one ends four dashes behind `end`. */
export function judgePrivateKey(text: string, end: number, isFinal: boolean): Verdict {
  if (!PRIVATE_KEY.test(text.slice(Math.max(0, end - MAX_BORDER), end))) return null
  const start = end + REST_OF_BORDER.length
  if (start > text.length) return atEnd(isFinal)
  if (!text.startsWith(REST_OF_BORDER, end)) return null
  return judgeLines(text, start, isFinal) ?? judgeArmor(text, start, isFinal)
}

/** Base64 in lines alone, with `\\n` for their ends or not. */
function judgeLines(text: string, start: number, isFinal: boolean): Verdict {
  const alphabet = 'lines'
  const probe = readRun(text, start, { isFinal, alphabet, limit: start + DECISIVE_LENGTH })
  if (probe.isOpen && probe.end - start < DECISIVE_LENGTH) return UNDECIDED
  const value = text.slice(start, probe.end).replaceAll(/\\[nr]|\s/g, '')
  if (value.length < MIN_PRIVATE_KEY || !looksRandom(value)) return null
  return { ...plainSecret(start, readRun(text, start, { isFinal, alphabet })), alphabet }
}

function judgeArmor(text: string, start: number, isFinal: boolean): Verdict {
  const isKey = beginsArmor(text, start, isFinal)
  if (isKey === null) return UNDECIDED
  return isKey
    ? { ...plainSecret(start, readArmor(text, start, isFinal)), alphabet: 'armor' }
    : null
}
