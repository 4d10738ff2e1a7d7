/**
 * Percent escapes that a format function or a batch file took for its own. What it left is put back as far as it can be told,
 * so that the rest can be judged.
 *
 * @module
 */
import type { CauseFacts } from '../facts/dialect-facts.ts'

/** What Go prints for a verb without an argument; a text that was printed twice has it inside itself. */
const GO_VERB = /%!(?:!\(MISSING\))*([A-Za-z])\((?:MISSING|BADINDEX)\)/g
/** The escape that mostly stood where a verb of that letter is left: its first digit was read as a width. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: '%3A',
  B: '%3B',
  C: '%2C',
  D: '%3D',
  F: '%2F',
}
const PRINTED = 'a format function such as Printf, which was given the URL as its format'

/** `%2` in a batch file is its second argument, mostly empty: of `%2F` the F is left. */
const BATCH_CREDENTIAL =
  /(?<=[?&]X-(?:Amz|Goog)-Credential=[^&%/]{1,128})F(\d{8})F([a-z0-9-]{2,30})F([a-z0-9-]{2,30})F((?:aws4|goog4)_request)(?=&|$)/i
const BATCH = 'a batch file of Windows, which reads %2 as its second argument'

/** The text with its escapes put back, or `null` where none was taken. */
export function restoreEatenEscapes(text: string): { text: string; facts: CauseFacts } | null {
  const printed = text.replace(GO_VERB, (_, letter: string) => ESCAPES[letter] ?? `%20${letter}`)
  if (printed !== text) return { text: printed, facts: { by: PRINTED } }
  const whole = text.replace(BATCH_CREDENTIAL, '%2F$1%2F$2%2F$3%2F$4')
  return whole === text ? null : { text: whole, facts: { by: BATCH } }
}
