/**
 * Finds the places where a secret could begin, fast enough for any log: the last three letters of a telling
 * name and the character behind it, anywhere in the text, in either case. A Wu-Manber scan reads two
 * characters and mostly moves on by three, so ordinary text is hardly looked at.
 *
 * @module
 */

/** What can stand directly behind a name whose value follows: `=`, `%3D`, `":`, `\u003d`, `&#61;`, `>`, ` =`, `</name>`, `, v`. */
const SEPARATORS = '=%"\'\\&:>] \t+`<,|#\r\n\x1b'

/** The ends of all names that can carry a secret, three characters each; names.ts knows the whole names. */
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
  '519', // X-Signature-Ed25519
  'ens', // downloadTokens
  'k-s', // ik-s
  'lue', // value, where a name follows it
]

/** What stands before a parameter's name: its sign, a quote, or the end of an escape of one. */
const SHORT_LEADS = '?&;"\'[6FfB'

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Secrets that announce themselves: four places, a place being the characters allowed there; `''` is any. Those of one group share a
 * bit, so each group has either rare ends or one kind of beginning. Two free places at the front would make every step shorter.
 */
const MARKS: readonly (readonly (readonly string[])[])[] = [
  [
    ['', 'h', 'p', '_'],
    ['h', 'p', 's', '_'],
  ],
  [
    ['', '%', '3', 'Ff'],
    ['', '5', '3', 'Ff'],
  ],
  [
    ['e', 'y', 'J', ''],
    ['e', 'd', 'K', 'e'], // SharedKey
    ['a', 'l', 'i', 'a'], // mc alias set
    ['i', 'g', ' ', 'h'], // mc config host add
    ['g', 'h', 'pousr', '_'],
    ['p', 'a', 't', '_'], // github_pat_
    ['x', 'o', 'x', 'abeprs'],
    ['x', 'a', 'p', 'p'],
    ['v', '1', '.', 'a'], // k8s-aws-v1.a
    ['K', 'E', 'Y', '-'], // -----BEGIN PRIVATE KEY-----
    ['A', 'KS', 'I', 'A'], // the id of an AWS access key
  ],
  [
    ['k', '.', 'c', 'o'], // hooks.slack.com
    ['o', 'k', 's', '/'], // webhooks/
    ['m "\'`>', '/', 'p', '/'], // oraclecloud.com/p/
    ['deh', '/', 's', '-'], // upload/s--
    ['/', 's', '/', '0'], // Hallpass' /s/0…, and the same with the second slash escaped
    ['u', 's', '/', '0'], // /-/tus/0…
    ['p', 'y', '/', '0'], // /-/uppy/0…
    ['a', 'H', 'R', '0'], // …/aHR0, a URL in base64url
    ['sy\\', '\\', '/', '0'],
    ['%50', '2', 'Ff', '0'],
    ['2', 'Ff', ';', '0'],
    ['4', '7', ';', '0'],
  ],
  [
    ['', '-', '-', '0123456789abcdefABCDEF'], // data--digest
    ['', '=', ':', `${ALPHANUMERIC}+/`], // sig1=:base64:
  ],
  [
    [' "', 'v', '1', ','],
    ['-', '>', ' ', '"'], // "old" -> "new"
  ],
  [
    [' ', '-', 'u', ` "'${ALPHANUMERIC}`], // curl -u user, curl -uuser
    ['-', 'sSkfLviG', 'u', ' "\''], // curl -su
    ['sSkfLviG', 'sSkfLviG', 'u', ' "\''], // curl -sSu
    [' ', '-', '-', 'up'], // curl --user, --proxy-user
  ],
  // Names of one and two letters.
  [
    ['', '?&;"\'[', 'sS', '=%"\'\\:'],
    ['2', '6', 'sS', '=%"\'\\:'],
    ['3', 'FfBb', 'sS', '=%"\'\\:'],
  ],
  [[SHORT_LEADS, 'hH', 'mM', '=%"\'\\:']],
  // `code` and `sign` end many names, and count alone.
  [
    [SHORT_LEADS, 'cC', 'oO', 'dD'],
    [SHORT_LEADS, 'sS', 'iI', 'gG'],
  ],
  // `Signature-256` and `Hmac-Sha256`: the digits alone end the names of many hashes.
  [
    ['eE', '-_', '2', '5'],
    ['cC', '-_', 'sS', 'hH'],
  ],
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
  /** The same for a window that could end here and does not: only longer moves are left. */
  readonly next: Uint8Array
  /** By the first two characters: a bit for each pattern they can begin. */
  readonly heads: Uint32Array
  /** By the last two characters: a bit for each pattern they can end. */
  readonly tails: Uint32Array
}

function buildTables(): Tables {
  const shift = new Uint8Array(1 << 14).fill(WINDOW - 1)
  const next = new Uint8Array(1 << 14).fill(WINDOW - 1)
  const heads = new Uint32Array(1 << 14)
  const tails = new Uint32Array(1 << 14)
  const groups = [
    ...NAME_ENDS.map((end) => [[...Array.from(end, bothCases), SEPARATORS]]),
    ...MARKS,
  ]
  const patterns = groups.flatMap((group, bit) => group.map((places) => ({ places, bit })))
  for (const { places, bit } of patterns) {
    for (let place = 0; place < WINDOW - 1; place += 1) {
      const distance = WINDOW - 2 - place
      for (const first of codesOf(places[place] ?? '')) {
        for (const second of codesOf(places[place + 1] ?? '')) {
          const index = pairIndex(first, second)
          shift[index] = Math.min(shift[index] ?? 0, distance)
          if (distance > 0) next[index] = Math.min(next[index] ?? 0, distance)
          if (place === 0) heads[index] = (heads[index] ?? 0) | (1 << bit)
          if (distance === 0) tails[index] = (tails[index] ?? 0) | (1 << bit)
        }
      }
    }
  }
  return { shift, next, heads, tails }
}

const { shift: SHIFT, next: NEXT, heads: HEADS, tails: TAILS } = buildTables()

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
      at += NEXT[tail] as number
    } else {
      at += step
    }
  }
  return -1
}
