/**
 * The words of one command as a shell reads them: quotes of both kinds, `$'…'` with its escapes, backslashes, lines that go on. Nothing
 * is expanded: a variable stays as it is written.
 *
 * @module
 */

/** The escapes of `$'…'` that stand for one other character. */
const ANSI_ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\u0007',
    b: '\b',
    e: '\u001b',
    f: '\f',
    v: '\v',
  }),
)
/** What a backslash takes its meaning from between double quotes. */
const ESCAPED_IN_QUOTES = '$`"\\'
/** What ends a command: another one, a pipe or a redirection behind it is none of its words. */
const COMMAND_ENDS = ';|&<>'
const PLAIN = /[^\s'"\\$;|&<>^]+/y
const ANSI_NUMBER = /(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|([0-7]{1,3}))/y

/** The words up to the end of the command; what is left open at the end of the text ends there. */
export function readShellWords(text: string): string[] {
  const words: string[] = []
  let word = ''
  let isOpen = false
  let at = 0
  const close = (): void => {
    if (isOpen) words.push(word)
    word = ''
    isOpen = false
  }
  while (at < text.length) {
    const piece = readPiece(text, at)
    at = piece.end
    if (piece.kind === 'end') break
    if (piece.kind === 'gap') close()
    else if (piece.kind === 'text') {
      word += piece.text
      isOpen = true
    }
  }
  close()
  return words
}

/** `joint`: the end of a line that goes on, which stands for nothing. */
type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly end: number }
  | { readonly kind: 'gap' | 'end' | 'joint'; readonly end: number }

function readPiece(text: string, at: number): Piece {
  const character = text.charAt(at)
  if (character === '\n') return { kind: 'end', end: at + 1 }
  if (/\s/.test(character)) return { kind: 'gap', end: at + 1 }
  if (character === "'") return readSingle(text, at + 1)
  if (character === '"') return readDouble(text, at + 1)
  if (character === '$' && text.charAt(at + 1) === "'") return readAnsi(text, at + 2)
  // The shell of Windows ends lines that go on with a caret.
  if (character === '\\' || character === '^') return readEscape(text, at)
  if (COMMAND_ENDS.includes(character)) return { kind: 'end', end: at + 1 }
  PLAIN.lastIndex = at
  const plain = PLAIN.exec(text)?.[0] ?? character
  return { kind: 'text', text: plain, end: at + plain.length }
}

function readEscape(text: string, at: number): Piece {
  const lineBreak = /^\r?\n/.exec(text.slice(at + 1, at + 3))?.[0]
  if (lineBreak !== undefined) return { kind: 'joint', end: at + 1 + lineBreak.length }
  return { kind: 'text', text: text.charAt(at + 1), end: at + 2 }
}

function readSingle(text: string, start: number): Piece {
  const end = text.indexOf("'", start)
  if (end === -1) return { kind: 'text', text: text.slice(start), end: text.length }
  return { kind: 'text', text: text.slice(start, end), end: end + 1 }
}

function readDouble(text: string, start: number): Piece {
  let value = ''
  let at = start
  while (at < text.length && text.charAt(at) !== '"') {
    const next = text.charAt(at + 1)
    if (text.charAt(at) === '\\' && next === '\n') at += 2
    else if (text.charAt(at) === '\\' && next !== '' && ESCAPED_IN_QUOTES.includes(next)) {
      value += next
      at += 2
    } else {
      value += text.charAt(at)
      at += 1
    }
  }
  return { kind: 'text', text: value, end: at + 1 }
}

function readAnsi(text: string, start: number): Piece {
  let value = ''
  let at = start
  while (at < text.length && text.charAt(at) !== "'") {
    const escape = text.charAt(at) === '\\' ? readAnsiEscape(text, at + 1) : null
    value += escape?.text ?? text.charAt(at)
    at = escape?.end ?? at + 1
  }
  return { kind: 'text', text: value, end: at + 1 }
}

function readAnsiEscape(text: string, at: number): { readonly text: string; readonly end: number } {
  ANSI_NUMBER.lastIndex = at
  const number = ANSI_NUMBER.exec(text)
  if (number !== null) {
    const [whole, hex, point, octal] = number
    const code =
      octal === undefined ? Number.parseInt(hex ?? point ?? '', 16) : Number.parseInt(octal, 8)
    return { text: String.fromCharCode(code), end: at + whole.length }
  }
  const letter = text.charAt(at)
  return { text: ANSI_ESCAPES.get(letter) ?? letter, end: at + 1 }
}
