/**
 * Takes the secrets out of a piece of a text, and says where the next piece has to go on.
 *
 * @module
 */
import { judgeCandidate } from './judge.ts'
import { judgeBareToken } from './marks.ts'
import { nextCandidate } from './scan.ts'
import { MAX_USER_INFO, authorityBefore, judgeAuthority } from './user-info.ts'
import { UNDECIDED } from './verdict.ts'
import type { Secret } from './verdict.ts'

/** What stands in a secret's place. */
export const REDACTED = '[redacted]'

/** A secret can begin this many characters before the place where it is noticed. */
const NOTICED_WITHIN = 3

export interface Redaction {
  /** What may be passed on; `null`: the text from `from` to `resumeAt`, unchanged. */
  readonly output: string | null
  /** Everything before is dealt with; the rest must come again, with more text behind it. */
  readonly resumeAt: number
  /** A secret that was taken out and goes on behind the text. */
  readonly openSecret: Secret | null
}

/** A place where a secret stands, or may stand once more text has come. */
interface Found {
  readonly at: number
  /** Where the text has to be read again from if the secret is undecided. */
  readonly resumeAt: number
  readonly verdict: Secret | typeof UNDECIDED
}

/**
 * Redacts `text` from `from` on. What stands before `from` was passed on earlier and serves as context.
 * Needs time linear in the length: every value is read once, and refused after 64 characters at most.
 */
export function redactPiece(text: string, from: number, isFinal: boolean): Redaction {
  let output = ''
  let copied = from
  const finds = startFinding(text, from, isFinal)
  let found = earliest(finds)
  while (found !== null && found.verdict !== UNDECIDED) {
    const secret = found.verdict
    output += text.slice(copied, secret.start) + REDACTED
    copied = secret.end
    if (secret.isOpen) return { output, resumeAt: copied, openSecret: secret }
    goOn(finds, text, copied, isFinal)
    found = earliest(finds)
  }
  const settled = isFinal ? text.length : settledEnd(text)
  const resumeAt = Math.max(copied, found?.resumeAt ?? settled)
  if (copied === from) return { output: null, resumeAt, openSecret: null }
  return { output: output + text.slice(copied, resumeAt), resumeAt, openSecret: null }
}

/** The next place of each kind; `null`: there is none in the rest of the text. */
interface Finds {
  named: Found | null
  bare: Found | null
  userInfo: Found | null
}

function startFinding(text: string, from: number, isFinal: boolean): Finds {
  return {
    named: findNamed(text, firstWindow(text, from), isFinal),
    bare: findBare(text, from, isFinal),
    userInfo: findUserInfo(text, from, isFinal),
  }
}

/** Finds again what stands before `copied`. */
function goOn(finds: Finds, text: string, copied: number, isFinal: boolean): void {
  const { named, bare, userInfo } = finds
  const windowEnd = copied + NOTICED_WITHIN - 1
  if (named !== null && named.at < windowEnd) finds.named = findNamed(text, windowEnd, isFinal)
  if (bare !== null && bare.at < copied) finds.bare = findBare(text, copied, isFinal)
  if (userInfo !== null && userInfo.at < copied) {
    finds.userInfo = findUserInfo(text, copied, isFinal)
  }
}

function earliest({ named, bare, userInfo }: Finds): Found | null {
  return earlier(earlier(named, bare), userInfo)
}

function earlier(one: Found | null, other: Found | null): Found | null {
  if (one === null || other === null) return one ?? other
  return one.at < other.at ? one : other
}

/** Every secret in the text, in order. */
export function findSecrets(text: string): Secret[] {
  const secrets: Secret[] = []
  const finds = startFinding(text, 0, true)
  let found = earliest(finds)
  while (found !== null && found.verdict !== UNDECIDED) {
    secrets.push(found.verdict)
    goOn(finds, text, found.verdict.end, true)
    found = earliest(finds)
  }
  return secrets
}

/** What a mark of three characters at the very beginning has not: a character in front, which every window needs. */
function beginsWithMark(text: string): boolean {
  return text.startsWith('hp_') || text.startsWith('/p/')
}

function firstWindow(text: string, from: number): number {
  return from === 0 && beginsWithMark(text) ? 2 : from + NOTICED_WITHIN - 1
}

function findNamed(text: string, from: number, isFinal: boolean): Found | null {
  let at = from === 2 && beginsWithMark(text) ? 2 : nextCandidate(text, from)
  while (at !== -1) {
    const verdict = judgeCandidate(text, at, isFinal)
    if (verdict !== null) return { at, resumeAt: at - NOTICED_WITHIN, verdict }
    at = nextCandidate(text, at + 1)
  }
  return null
}

function findBare(text: string, from: number, isFinal: boolean): Found | null {
  let at = text.indexOf('?', from)
  while (at !== -1) {
    const verdict = judgeBareToken(text, at + 1, isFinal)
    if (verdict !== null) return { at, resumeAt: at, verdict }
    at = text.indexOf('?', at + 1)
  }
  return null
}

/** The next authority with a user part, by its sign; and one that the end of the text leaves open. */
function findUserInfo(text: string, from: number, isFinal: boolean): Found | null {
  let before = 0
  let at = text.indexOf('@', from)
  while (at !== -1) {
    const start = authorityBefore(text, at, Math.max(before, at - MAX_USER_INFO - 1))
    const verdict = start === -1 ? null : judgeAuthority(text, start, isFinal)
    const mayTake =
      verdict === UNDECIDED ? start >= from : verdict !== null && verdict.start >= from
    if (verdict !== null && mayTake) {
      return { at: start, resumeAt: start, verdict }
    }
    // What stood before this sign is judged.
    before = at
    at = text.indexOf('@', at + 1)
  }
  if (isFinal) return null
  const start = authorityBefore(text, text.length, Math.max(0, text.length - MAX_USER_INFO - 1))
  return start < from ? null : { at: start, resumeAt: start, verdict: UNDECIDED }
}

/** Windows do not reach over a line break, so behind one nothing can be half seen. */
function settledEnd(text: string): number {
  const { length } = text
  for (let at = length - 1; at >= length - NOTICED_WITHIN && at >= 0; at -= 1) {
    if (text.charCodeAt(at) === 10) return at + 1
  }
  return Math.max(0, length - NOTICED_WITHIN)
}
