/**
 * Takes the secrets out of a piece of a text, and says where the next piece has to go on.
 *
 * @module
 */
import { judgeCandidate } from './judge.ts'
import { judgeBareToken } from './marks.ts'
import { nextCandidate } from './scan.ts'
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
  let named = findNamed(text, firstWindow(text, from), isFinal)
  let bare = findBare(text, from, isFinal)
  let found = earlier(named, bare)
  while (found !== null && found.verdict !== UNDECIDED) {
    const secret = found.verdict
    output += text.slice(copied, secret.start) + REDACTED
    copied = secret.end
    if (secret.isOpen) return { output, resumeAt: copied, openSecret: secret }
    const windowEnd = copied + NOTICED_WITHIN - 1
    if (named !== null && named.at < windowEnd) named = findNamed(text, windowEnd, isFinal)
    if (bare !== null && bare.at < copied) bare = findBare(text, copied, isFinal)
    found = earlier(named, bare)
  }
  const settled = isFinal ? text.length : settledEnd(text)
  const resumeAt = Math.max(copied, found?.resumeAt ?? settled)
  if (copied === from) return { output: null, resumeAt, openSecret: null }
  return { output: output + text.slice(copied, resumeAt), resumeAt, openSecret: null }
}

function earlier(one: Found | null, other: Found | null): Found | null {
  if (one === null || other === null) return one ?? other
  return one.at < other.at ? one : other
}

/** Every secret in the text, in order. */
export function findSecrets(text: string): Secret[] {
  const secrets: Secret[] = []
  let copied = 0
  let named = findNamed(text, firstWindow(text, 0), true)
  let bare = findBare(text, 0, true)
  let found = earlier(named, bare)
  while (found !== null && found.verdict !== UNDECIDED) {
    secrets.push(found.verdict)
    copied = found.verdict.end
    const windowEnd = copied + NOTICED_WITHIN - 1
    if (named !== null && named.at < windowEnd) named = findNamed(text, windowEnd, true)
    if (bare !== null && bare.at < copied) bare = findBare(text, copied, true)
    found = earlier(named, bare)
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

/** Windows do not reach over a line break, so behind one nothing can be half seen. */
function settledEnd(text: string): number {
  const { length } = text
  for (let at = length - 1; at >= length - NOTICED_WITHIN && at >= 0; at -= 1) {
    if (text.charCodeAt(at) === 10) return at + 1
  }
  return Math.max(0, length - NOTICED_WITHIN)
}
