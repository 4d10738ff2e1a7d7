/**
 * Reads one character of a text that may be percent-encoded (up to four times), JSON-escaped or
 * HTML-escaped, without decoding the text: the scanner works on what was logged, in whatever wrapping.
 *
 * @module
 */

/** One character read: its code (below 256) and where the next begins. */
export interface LogicalCharacter {
  readonly code: number
  readonly next: number
  /** How many times it is percent-encoded. */
  readonly layers: number
}

/** The text ends inside an escape, so more text could change what is read. */
export const INCOMPLETE = 'incomplete'

const PERCENT = 37
const AMPERSAND = 38
const BACKSLASH = 92
const MAX_PERCENT_LAYERS = 4
const MAX_BACKSLASHES = 8
const MAX_ENTITY_LENGTH = 9

const ENTITIES: ReadonlyMap<string, number> = new Map([
  ['amp', 38],
  ['quot', 34],
  ['apos', 39],
  ['lt', 60],
  ['gt', 62],
  ['equals', 61],
  ['colon', 58],
  ['plus', 43],
  ['sol', 47],
  ['nbsp', 32],
])
const JSON_CONTROLS: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
])

/** The value of a hex digit's code, -1 for anything else. */
export function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function readHex(text: string, at: number, digits: number): number {
  let value = 0
  for (let index = 0; index < digits; index += 1) {
    const digit = hexValue(text.charCodeAt(at + index))
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function readPercent(text: string, at: number): LogicalCharacter | typeof INCOMPLETE {
  let digits = at + 1
  let layers = 1
  while (layers < MAX_PERCENT_LAYERS && text.startsWith('25', digits)) {
    digits += 2
    layers += 1
  }
  if (digits + 2 > text.length) return INCOMPLETE
  const code = readHex(text, digits, 2)
  if (code >= 0) return { code, next: digits + 2, layers }
  // `%25` alone is a percent sign.
  return { code: PERCENT, next: digits === at + 1 ? at + 1 : digits, layers: layers - 1 }
}

function readBackslash(text: string, at: number): LogicalCharacter | typeof INCOMPLETE {
  let mark = at + 1
  while (mark - at < MAX_BACKSLASHES && text.charCodeAt(mark) === BACKSLASH) mark += 1
  if (mark >= text.length) return INCOMPLETE
  const letter = text.charAt(mark)
  if (letter === '"' || letter === "'" || letter === '/') {
    return { code: text.charCodeAt(mark), next: mark + 1, layers: 0 }
  }
  if (letter === 'u' || letter === 'x') {
    const digits = letter === 'u' ? 4 : 2
    if (mark + 1 + digits > text.length) return INCOMPLETE
    const code = readHex(text, mark + 1, digits)
    if (code >= 0 && code < 256) return { code, next: mark + 1 + digits, layers: 0 }
  }
  const control = JSON_CONTROLS.get(letter)
  if (control !== undefined) return { code: control, next: mark + 1, layers: 0 }
  return { code: BACKSLASH, next: mark, layers: 0 }
}

function readEntity(text: string, at: number): LogicalCharacter | typeof INCOMPLETE {
  const piece = text.slice(at, at + MAX_ENTITY_LENGTH)
  const end = piece.indexOf(';')
  if (end === -1) {
    const isOpen = piece.length < MAX_ENTITY_LENGTH && /^&#?[A-Za-z0-9]*$/.test(piece)
    return isOpen ? INCOMPLETE : ampersand(at)
  }
  const name = piece.slice(1, end)
  const number = /^#(?:(\d{1,4})|[xX]([0-9A-Fa-f]{1,4}))$/.exec(name)
  const code =
    number === null
      ? ENTITIES.get(name.toLowerCase())
      : Number.parseInt(number[1] ?? number[2] ?? '', number[1] === undefined ? 16 : 10)
  return code === undefined || code > 255 ? ampersand(at) : { code, next: at + end + 1, layers: 0 }
}

function ampersand(at: number): LogicalCharacter {
  return { code: AMPERSAND, next: at + 1, layers: 0 }
}

/** The character at `at`; `null` at the end of the text. Codes of 256 and more are answered as 255. */
export function readLogical(text: string, at: number): LogicalCharacter | typeof INCOMPLETE | null {
  if (at >= text.length) return null
  const code = text.charCodeAt(at)
  if (code === PERCENT) return readPercent(text, at)
  if (code === BACKSLASH) return readBackslash(text, at)
  if (code === AMPERSAND) return readEntity(text, at)
  return { code: code > 255 ? 255 : code, next: at + 1, layers: 0 }
}
