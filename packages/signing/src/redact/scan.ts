/**
 * Finds the places where a secret could begin, fast enough for any log: the last three letters of a telling
 * name and the character behind it, anywhere in the text, in either case. A Wu-Manber scan reads two
 * characters and mostly moves on by three, so ordinary text is hardly looked at.
 *
 * @module
 */

/** What can stand directly behind a name whose value follows: `=`, `%3D`, `":`, `\u003d`, `&#61;`, `>`, ` =`. */
const SEPARATORS = '=%"\'\\&:>] \t+`'

/** The ends of all names that can carry a secret, three letters each; names.ts knows the whole names. */
const NAME_ENDS = [
  'ure', // signature
  'ded', // SignatureProvided, in S3's error document
  'ken', // token
  'sig', // sig, temp_url_sig
  'icy', // policy
  'mac', // hmac
  'ret', // secret
  'key', // SecretAccessKey, AccountKey, api-key
  'ion', // Authorization
  'md5', // md5
  'ify', // verify
  'jwt', // jwt
  'rer', // Bearer
  'sic', // Basic
  'ord', // password
  'lob', // signedBlob
]

/** Secrets that announce themselves: four places, a place being the characters allowed there; `''` is any. */
const MARKS: readonly (readonly string[])[] = [
  ['', 'h', 'p', '_'],
  ['e', 'y', 'J', ''],
  ['', '%', '3', 'Ff'],
  ['', '5', '3', 'Ff'],
]

const WINDOW = 4
const ANY: readonly number[] = Array.from({ length: 128 }, (_, code) => code)

function codesOf(characters: string): readonly number[] {
  if (characters === '') return ANY
  return Array.from(characters, (character) => character.charCodeAt(0))
}

function bothCases(letter: string): string {
  return letter.toLowerCase() + letter.toUpperCase()
}

function pairIndex(first: number, second: number): number {
  return ((first & 127) << 7) | (second & 127)
}

interface Tables {
  /** By the last two characters of a window: how far the window can move on; 0 is a possible end. */
  readonly shift: Uint8Array
  /** By the first two characters: a bit for each pattern they can begin. */
  readonly heads: Uint32Array
  /** By the last two characters: a bit for each pattern they can end. */
  readonly tails: Uint32Array
}

function buildTables(): Tables {
  const shift = new Uint8Array(1 << 14).fill(WINDOW - 1)
  const heads = new Uint32Array(1 << 14)
  const tails = new Uint32Array(1 << 14)
  const patterns = [
    ...NAME_ENDS.map((end) => [...Array.from(end, bothCases), SEPARATORS]),
    ...MARKS,
  ]
  patterns.forEach((places, bit) => {
    for (let place = 0; place < WINDOW - 1; place += 1) {
      const distance = WINDOW - 2 - place
      for (const first of codesOf(places[place] ?? '')) {
        for (const second of codesOf(places[place + 1] ?? '')) {
          const index = pairIndex(first, second)
          shift[index] = Math.min(shift[index] ?? 0, distance)
          if (place === 0) heads[index] = (heads[index] ?? 0) | (1 << bit)
          if (distance === 0) tails[index] = (tails[index] ?? 0) | (1 << bit)
        }
      }
    }
  })
  return { shift, heads, tails }
}

const { shift: SHIFT, heads: HEADS, tails: TAILS } = buildTables()

/**
 * The index of the last character of the next window that fits, at `from` or later; -1 if there is none.
 * Characters beyond ASCII can look like others here, so the caller compares for real.
 */
export function nextCandidate(text: string, from: number): number {
  const { length } = text
  let at = from < WINDOW - 1 ? WINDOW - 1 : from
  while (at < length) {
    const tail = ((text.charCodeAt(at - 1) & 127) << 7) | (text.charCodeAt(at) & 127)
    const step = SHIFT[tail] as number
    if (step === 0) {
      const head = ((text.charCodeAt(at - 3) & 127) << 7) | (text.charCodeAt(at - 2) & 127)
      if (((HEADS[head] as number) & (TAILS[tail] as number)) !== 0) return at
      at += 1
    } else {
      at += step
    }
  }
  return -1
}
