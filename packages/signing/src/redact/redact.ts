/**
 * Takes signatures, tokens and keys of every dialect out of any text, and leaves the rest of it readable.
 *
 * @module
 */
import { redactPiece } from './engine.ts'
import { readRun } from './value.ts'
import type { Secret } from './verdict.ts'

export { REDACTED } from './engine.ts'

/** Context kept for names, separators and path tokens that began in an earlier chunk. */
const LOOKBEHIND = 512

/**
 * The text with every secret replaced by `[redacted]`: the signatures and tokens of all dialects, in queries,
 * forms, cookies, headers, XML, JSON and HTML, in any case, percent-encoded or escaped. The same string comes
 * back if there is none. Never throws on a text; needs time linear in the length.
 *
 * ```ts
 * redact('GET /a?X-Amz-Credential=AKIDEXAMPLE%2F…&X-Amz-Signature=6f0c…c1 200')
 * // 'GET /a?X-Amz-Credential=AKIDEXAMPLE%2F…&X-Amz-Signature=[redacted] 200'
 * ```
 *
 * @throws {TypeError} for what is no text: an object has to be written as one first
 */
export function redact(text: string): string {
  requireText(text, 'text')
  return redactPiece(text, 0, true).output ?? text
}

/** Redacts a text that comes in chunks. Chunks may be cut anywhere, also inside a secret. */
export interface Redactor {
  /** The text so far that can be passed on; a whole line comes back at once. */
  push(chunk: string): string
  /** What was held back. The redactor then starts afresh. */
  flush(): string
}

/**
 * A redactor for one stream of text. What it answers, joined, is what {@link redact} makes of the whole.
 * It holds back at most some kilobytes, however long a line or a secret is.
 */
export function createRedactor(): Redactor {
  let context = ''
  let held = ''
  let open: Secret | null = null

  function process(chunk: string, isFinal: boolean): string {
    let fresh = held + chunk
    held = ''
    if (open !== null) {
      const end = endOfOpenSecret(fresh, open, isFinal)
      if (end.isOpen) {
        held = fresh.slice(end.at)
        return ''
      }
      fresh = fresh.slice(end.at)
      open = null
    }
    const text = context + fresh
    const { output, resumeAt, openSecret } = redactPiece(text, context.length, isFinal)
    const answer = output ?? text.slice(context.length, resumeAt)
    held = text.slice(resumeAt)
    open = openSecret
    context = text.slice(Math.max(0, resumeAt - LOOKBEHIND), resumeAt)
    return answer
  }

  return {
    push(chunk) {
      requireText(chunk, 'chunk')
      return chunk === '' ? '' : process(chunk, false)
    },
    flush() {
      const answer = process('', true)
      context = ''
      held = ''
      open = null
      return answer
    },
  }
}

function requireText(text: unknown, parameter: string): void {
  if (typeof text === 'string') return
  throw new TypeError(
    `${parameter} must be a string: write an object as text first, bytes as latin1`,
  )
}

function endOfOpenSecret(
  text: string,
  secret: Secret,
  isFinal: boolean,
): { at: number; isOpen: boolean } {
  const { end, isOpen } = readRun(text, 0, {
    isFinal,
    stopsAtSlash: secret.stopsAtSlash,
    alphabet: secret.alphabet,
    layers: secret.layers,
  })
  // An open secret ends with its text, or before an escape or a joiner that waits for what follows it.
  return { at: end, isOpen }
}
