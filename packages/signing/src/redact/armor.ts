/**
 * The inside of a private key whose lines carry something else: the prefix of a log, a diff or a quotation, the quotes and signs of a
 * string in a program, a JSON object around each. A line belongs to the key if it has a long run of base64, and so do the few lines
 * between two of them, or before the border.
 *
 * @module
 */

/** Longer lines are read in pieces of this length. */
const MAX_LINE = 1024
/** Headers of an encrypted key, its last short line, and lines that another program wrote between: as many in a row at most. */
const MAX_OTHERS = 5
const BORDER = '-----END'
const RUN = /[A-Za-z0-9+/]{56,}/g
/** A hash is no line of a key. */
const NO_HEX = /[^0-9A-Fa-f]/

interface Line {
  /** `open`: the text ends before the line does. */
  readonly kind: 'key' | 'border' | 'other' | 'open'
  /** Where the next line begins, with its line break; before the border, if there is one. */
  readonly end: number
  readonly hasRun: boolean
}

/** The line that begins at `at` with the line break before it. */
function readLine(text: string, at: number, isFinal: boolean): Line {
  const first = text.charCodeAt(at) === 10 ? 1 : 0
  const piece = text.slice(at, at + MAX_LINE)
  const lineBreak = piece.indexOf('\n', first)
  const line = lineBreak === -1 ? piece : piece.slice(0, lineBreak)
  const border = line.indexOf(BORDER)
  const read = border === -1 ? line : line.slice(0, border)
  const end = at + read.length
  const hasRun = read.match(RUN)?.some((run) => NO_HEX.test(run)) === true
  if (border !== -1) return { kind: 'border', end, hasRun }
  const isWhole = lineBreak !== -1 || piece.length === MAX_LINE || isFinal
  if (!isWhole) return { kind: 'open', end, hasRun }
  return { kind: hasRun ? 'key' : 'other', end, hasRun }
}

/** Does a key stand behind the border that ends before `start`? `null`: the text ends too early to tell. */
export function beginsArmor(text: string, start: number, isFinal: boolean): boolean | null {
  let at = start
  for (let count = 0; count <= MAX_OTHERS && at < text.length; count += 1) {
    const { kind, end, hasRun } = readLine(text, at, isFinal)
    if (kind === 'open') return null
    if (hasRun || kind === 'border') return hasRun
    at = end
  }
  return at < text.length || isFinal ? false : null
}

/** Where the key ends: before its last border, or behind its last line if that is missing. `start` is where a line begins. */
export function readArmor(
  text: string,
  start: number,
  isFinal: boolean,
): { readonly end: number; readonly isOpen: boolean } {
  let at = start
  let ahead = start
  let others = 0
  while (ahead < text.length) {
    const { kind, end } = readLine(text, ahead, isFinal)
    if (kind === 'open') return { end: at, isOpen: true }
    if (kind === 'border') return { end, isOpen: false }
    others = kind === 'key' ? 0 : others + 1
    if (others > MAX_OTHERS) return { end: at, isOpen: false }
    if (kind === 'key') at = end
    ahead = end
  }
  return { end: at, isOpen: !isFinal }
}
