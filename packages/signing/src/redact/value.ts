/**
 * Reads the value behind a name: where it ends, and what it looks like.
 *
 * @module
 */
import { readArmor } from './armor.ts'
import { readKnown } from './opening.ts'

const SLASH = 47
/** `%`, `\\`, `&` and `#` begin escapes. */
const ESCAPES: readonly number[] = [37, 92, 38, 35]
/** More layers than are ever read: no escape belongs to the value for its layers alone. */
export const MAX_LAYERS = 9

const MEMBER = 1
/** Belongs to the value only where a member stands directly behind it. */
const JOINER = 2
/** A member that can also begin an escape, which may stand for something else. */
const ESCAPE = 3

function buildSet(members: string, joiners = ''): Uint8Array {
  const set = new Uint8Array(256)
  for (const character of members) {
    const code = character.charCodeAt(0)
    set[code] = ESCAPES.includes(code) ? ESCAPE : MEMBER
  }
  for (const character of joiners) set[character.charCodeAt(0)] = JOINER
  return set
}

const LETTERS_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Both base64 alphabets with their padding, CloudFront's own, and the dots of a JWT. */
const SECRET = LETTERS_DIGITS + '-_.~+=/'
const BASE64URL: Uint8Array = buildSet(LETTERS_DIGITS + '-_')

/** A value that is at least this long is decided; the rest of it cannot change the answer. */
export const DECISIVE_LENGTH = 64

/** Which characters a value can have. */
export type Alphabet =
  /** Those of signatures and tokens. */
  | 'secret'
  /** Everything a form field or query value can hold unescaped: for passwords. */
  | 'wide'
  /** Everything that can stand between two quotes but white space and tags. */
  | 'quoted'
  /** Parts that colons join: `key:signature`. */
  | 'joined'
  /** Parts that commas or semicolons join: `v1=…,v0=…`. */
  | 'parts'
  /** Base64 in lines. */
  | 'lines'
  /** The same with a prefix or signs of its own on each line. */
  | 'armor'

const ALPHABETS: Readonly<Record<Exclude<Alphabet, 'armor'>, Uint8Array>> = {
  secret: buildSet(SECRET),
  wide: buildSet(LETTERS_DIGITS + "-_.~+=/!*'():@$%^#?|"),
  quoted: buildSet(LETTERS_DIGITS + '-_.~+=/!*():@$%^#?|&,;[]{}'),
  joined: buildSet(SECRET, ':'),
  parts: buildSet(SECRET, ',;'),
  lines: buildSet(LETTERS_DIGITS + '+/= \t\r\n'),
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
  const { alphabet = 'secret' } = options
  if (alphabet === 'armor') return readArmor(text, start, options.isFinal)
  const set = ALPHABETS[alphabet]
  const barrier = options.stopsAtSlash === true ? SLASH : -1
  const layers = options.layers ?? MAX_LAYERS
  const limit = Math.min(text.length, options.limit ?? text.length)
  let at = skipPlain(text, start, limit, { set, barrier })
  while (at < limit) {
    const next = readEscaped(text, at, { set, barrier, layers })
    if (next === null) return { end: at, isOpen: !options.isFinal }
    if (next === -1) return { end: at, isOpen: false }
    at = skipPlain(text, next, limit, { set, barrier })
  }
  return { end: at, isOpen: at >= text.length && !options.isFinal }
}

/** Behind an escape or a joiner that belongs to the value; -1 if it does not, `null` if the text ends first. */
function readEscaped(
  text: string,
  at: number,
  { set, barrier, layers }: PlainCharacters & { readonly layers: number },
): number | null {
  const code = text.charCodeAt(at)
  if (set[code] !== JOINER && !ESCAPES.includes(code)) return -1
  const read = readKnown(text, at)
  if (read === null) return null
  if (read.layers > layers) return read.next
  const kind = read.code === barrier ? 0 : set[read.code]
  if (kind !== JOINER) return kind === MEMBER || kind === ESCAPE ? read.next : -1
  const behind = readKnown(text, read.next)
  if (behind === null) return null
  return set[behind.code] === MEMBER || set[behind.code] === ESCAPE ? read.next : -1
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
    if (code > 255 || set[code] !== MEMBER || code === barrier) break
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
