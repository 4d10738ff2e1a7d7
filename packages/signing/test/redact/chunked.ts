import { createRedactor } from '@hallpass/signing/redact'

/** What a redactor gives for a text that comes in pieces, cut at these places. */
export function chunked(text: string, cuts: readonly number[]): string {
  const redactor = createRedactor()
  let output = ''
  let start = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), text.length]) {
    output += redactor.push(text.slice(start, cut))
    start = Math.max(start, cut)
  }
  return output + redactor.flush()
}
