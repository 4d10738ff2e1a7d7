/**
 * Text that holds U+0000, which PostgreSQL keeps in no text. U+0000 and U+0001 each become two characters, in a way that keeps the
 * order of texts and what begins with what: a key compares the same before and after.
 */

const SPECIAL = /[\u0000\u0001]/g // oxlint-disable-line no-control-regex -- what it is about
const CODED = /\u0001([\u0001\u0002])/g // oxlint-disable-line no-control-regex -- what it is about
const MARK = '\u0001'

export function encodeText(text: string): string {
  if (!text.includes('\u0000') && !text.includes(MARK)) return text
  return text.replace(SPECIAL, (character) =>
    character === MARK ? '\u0001\u0002' : '\u0001\u0001',
  )
}

export function decodeText(kept: string): string {
  if (!kept.includes(MARK)) return kept
  return kept.replace(CODED, (_, second) => (second === MARK ? '\u0000' : MARK))
}
