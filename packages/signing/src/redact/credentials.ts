/**
 * Passwords that a place gives away, and no name: the options and arguments of commands, a shared key behind the name of its
 * scheme.
 *
 * @module
 */
import { isTemplate } from './value-tests.ts'
import { DECISIVE_LENGTH, looksRandom, readRun } from './value.ts'
import { UNDECIDED, plainSecret } from './verdict.ts'
import type { Verdict } from './verdict.ts'

const MAX_COMMAND = 400

/** A short option, others in front of it or not: `-u`, `-sSu`. */
const SHORT_OPTION = /\s-[A-Za-z]{0,8}u["' ]?$/

/** `curl -u user:password`, with or without a blank between: the option means this in one command only. */
export function judgeUserOption(text: string, end: number, isFinal: boolean): Verdict {
  const before = text.slice(Math.max(0, end - MAX_COMMAND), end)
  return SHORT_OPTION.test(before) ? judgeCurlUser(text, end, isFinal) : null
}

/** `user:password` behind an option of `curl`, and nothing behind one of another command. */
function judgeCurlUser(text: string, end: number, isFinal: boolean): Verdict {
  const before = text.slice(Math.max(0, end - MAX_COMMAND), end)
  const command = before.lastIndexOf('curl')
  if (command === -1 || /[^\\]\r?\n/.test(before.slice(command))) return null
  return judgeUserAndPassword(text, end, isFinal)
}

const USER = /["']?[^\s:"'`$<{[]{0,128}:/y
const PASSWORD = /(?:[^\s"'`\\]|\\(?!\\*["'])){1,256}/y

const LONG_OPTION = /(?:user|proxy-user)(?:=|[ \t]{1,8})/y

/** `curl --user user:password`, noticed at the first letter of the option. */
export function judgeLongOption(text: string, end: number, isFinal: boolean): Verdict {
  LONG_OPTION.lastIndex = end - 1
  if (LONG_OPTION.test(text)) return judgeCurlUser(text, LONG_OPTION.lastIndex, isFinal)
  const isBeginning = /^(?:u|us|use|user|p[roxy]*|proxy-(?:u|us|use|user)?)$/.test(
    text.slice(end - 1, end + 16),
  )
  return isBeginning && !isFinal ? UNDECIDED : null
}

/** `user:password`, in quotes or not. */
function judgeUserAndPassword(text: string, at: number, isFinal: boolean): Verdict {
  USER.lastIndex = at
  if (!USER.test(text)) return isCut(text, at, isFinal) ? UNDECIDED : null
  return judgeWord(text, USER.lastIndex, isFinal)
}

/** A word that is a password wherever it is no example. */
function judgeWord(text: string, start: number, isFinal: boolean): Verdict {
  PASSWORD.lastIndex = start
  const value = PASSWORD.exec(text)?.[0] ?? ''
  if (start + value.length === text.length && !isFinal) return UNDECIDED
  if (value === '' || isTemplate(value)) return null
  return plainSecret(start, { end: start + value.length, isOpen: false })
}

/** The line goes on behind the text, and is not too long for what is looked for. */
function isCut(text: string, from: number, isFinal: boolean): boolean {
  return !isFinal && text.length - from < MAX_COMMAND && !text.slice(from).includes('\n')
}

const WORD = `(?:"[^"\\n]{0,200}"|'[^'\\n]{0,200}'|[^\\s"']{1,200})`
const STORE = `[ \\t]{1,8}(?:${WORD}[ \\t]{1,8}){3}["']?`

/** The secret behind name, URL and key of a store in a command of MinIO's client. */
function judgeStore(noticed: RegExp, rest: RegExp) {
  return (text: string, end: number, isFinal: boolean): Verdict => {
    if (!noticed.test(text.slice(Math.max(0, end - 20), end))) return null
    rest.lastIndex = end
    if (!rest.test(text)) return isCut(text, end, isFinal) ? UNDECIDED : null
    return judgeWord(text, rest.lastIndex, isFinal)
  }
}

type Judge = (text: string, end: number, isFinal: boolean) => Verdict

/** `mc alias set NAME URL KEY SECRET`, noticed at `alia`. */
export const judgeAlias: Judge = judgeStore(
  /(?:^|[^\w])mc(?:li)? {1,4}alia$/,
  new RegExp(`s set${STORE}`, 'y'),
)

/** `mc config host add NAME URL KEY SECRET`, as it was called before, noticed at `config h`. */
export const judgeHost: Judge = judgeStore(
  /(?:^|[^\w])mc(?:li)? {1,4}config h$/,
  new RegExp(`ost add${STORE}`, 'y'),
)

const ACCOUNT = /y(?:Lite)?(?: |\+|%20)[a-z0-9]{3,24}:/y
const MIN_SHARED_KEY = 40

/** `SharedKey account:signature`, noticed at `edKe`. */
export function judgeSharedKey(text: string, end: number, isFinal: boolean): Verdict {
  if (!text.startsWith('SharedKe', end - 8)) return null
  ACCOUNT.lastIndex = end
  if (!ACCOUNT.test(text)) return isCut(text, end, isFinal) ? UNDECIDED : null
  const start = ACCOUNT.lastIndex
  const probe = readRun(text, start, { isFinal, limit: start + DECISIVE_LENGTH })
  if (probe.isOpen) return UNDECIDED
  const value = text.slice(start, probe.end)
  if (value.length < MIN_SHARED_KEY || !looksRandom(value)) return null
  return plainSecret(start, readRun(text, start, { isFinal }))
}
