/**
 * Reads the value behind a name: where it ends, and whether it looks like the secret its name announces.
 *
 * @module
 */
import { INCOMPLETE, readLogical } from './logical-character.ts'
import { MAX_LAYERS } from './separator.ts'

const SLASH = 47
/** `%`, `\\` and `&` begin escapes. */
const ESCAPES: readonly number[] = [37, 92, 38]

function buildSet(characters: string): Uint8Array {
  const set = new Uint8Array(256)
  for (const character of characters) set[character.charCodeAt(0)] = 1
  return set
}

const LETTERS_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Both base64 alphabets with their padding, CloudFront's own, and the dots of a JWT. */
const SECRET_CHARACTERS: Uint8Array = buildSet(LETTERS_DIGITS + '-_.~+=/')
/** Everything a form field or query value can hold unescaped: for passwords. */
const WIDE_CHARACTERS: Uint8Array = buildSet(LETTERS_DIGITS + "-_.~+=/!*'():@$%^#?|")
/** Everything that can stand between two quotes but white space and tags. */
const QUOTED_CHARACTERS: Uint8Array = buildSet(LETTERS_DIGITS + '-_.~+=/!*():@$%^#?|&,;[]{}')
const BASE64URL: Uint8Array = buildSet(LETTERS_DIGITS + '-_')

/** A value that is at least this long is decided; the rest of it cannot change the answer. */
export const DECISIVE_LENGTH = 64

export type Alphabet = 'secret' | 'wide' | 'quoted'

const ALPHABETS: Readonly<Record<Alphabet, Uint8Array>> = {
  secret: SECRET_CHARACTERS,
  wide: WIDE_CHARACTERS,
  quoted: QUOTED_CHARACTERS,
}

export interface Run {
  /** Where the value ends. */
  readonly end: number
  /** The text ended first: with more text the value could go on. */
  readonly isOpen: boolean
}

export interface RunOptions {
  readonly isFinal: boolean
  readonly stopsAtSlash?: boolean
  /** Which characters the value can have; those of a secret by default. */
  readonly alphabet?: Alphabet
  /** An escape of more percent layers than this belongs to the value, whatever it stands for. */
  readonly layers?: number
  /** Stop reading here, whatever comes. */
  readonly limit?: number
}

/** The longest run of characters a secret can consist of, escapes of them included. */
export function readRun(text: string, start: number, options: RunOptions): Run {
  const set = ALPHABETS[options.alphabet ?? 'secret']
  const barrier = options.stopsAtSlash === true ? SLASH : -1
  const layers = options.layers ?? MAX_LAYERS
  const limit = Math.min(text.length, options.limit ?? text.length)
  let at = skipPlain(text, start, limit, { set, barrier })
  while (at < limit) {
    const read = ESCAPES.includes(text.charCodeAt(at)) ? readLogical(text, at) : null
    if (read === INCOMPLETE) return { end: at, isOpen: !options.isFinal }
    const belongs =
      read !== null && (read.layers > layers || (set[read.code] === 1 && read.code !== barrier))
    if (!belongs) return { end: at, isOpen: false }
    at = skipPlain(text, read.next, limit, { set, barrier })
  }
  return { end: at, isOpen: at >= text.length && !options.isFinal }
}

interface PlainCharacters {
  readonly set: Uint8Array
  readonly barrier: number
}

function skipPlain(text: string, from: number, limit: number, plain: PlainCharacters): number {
  const { set, barrier } = plain
  let at = from
  while (at < limit) {
    const code = text.charCodeAt(at)
    if (code > 255 || set[code] !== 1 || code === 37 || code === 38 || code === barrier) break
    at += 1
  }
  return at
}

/** The end of a run of base64url characters that is at most `limit` long; -1 if it is longer. */
export function readBase64UrlRun(text: string, start: number, limit: number): number {
  const stop = Math.min(text.length, start + limit + 1)
  let at = start
  while (at < stop) {
    const code = text.charCodeAt(at)
    if (code > 255 || BASE64URL[code] !== 1) return at
    at += 1
  }
  return at - start > limit ? -1 : at
}

export function isBase64UrlCode(code: number): boolean {
  return code < 256 && BASE64URL[code] === 1
}

/**
 * Does the text look like random letters and digits rather than words? Counts digits and changes
 * between upper and lower case, which identifiers and sentences have few of.
 */
export function looksRandom(text: string): boolean {
  const sample = text.slice(0, DECISIVE_LENGTH)
  let digits = 0
  let changes = 0
  let last = 0
  for (let index = 0; index < sample.length; index += 1) {
    const code = sample.charCodeAt(index)
    const kind = letterCase(code)
    if (code >= 48 && code <= 57) digits += 1
    if (kind !== 0 && last !== 0 && kind !== last) changes += 1
    last = kind
  }
  return digits * 6 + changes * 3 >= sample.length
}

function letterCase(code: number): 0 | 1 | 2 {
  if (code >= 97 && code <= 122) return 1
  return code >= 65 && code <= 90 ? 2 : 0
}

/** The names a value of several fields begins with; their own secret field is found by its own name. */
const FIRST_FIELDS: ReadonlySet<string> = new Set(
  (
    'ip st exp acl id data url hmac expires urlprefix pathglobs fullpath starts keyname sessionid headers ' +
    'ipranges signature sv sr ss srt spr se sp si sip skoid sig keyid credential'
  ).split(' '),
)

/** Does the value consist of named fields, as `exp=1~acl=/*~hmac=…` and `sv=…&sig=…` do? */
export function isStructured(value: string): boolean {
  const match = /^([A-Za-z]{2,11})(?:[=~]|%(?:25){0,3}(?:3[Dd]|7[Ee])|\\+u003[Dd])/.exec(value)
  return match !== null && FIRST_FIELDS.has((match[1] ?? '').toLowerCase())
}
