/** Makes every id of the server: at least 128 random bits, alphabet `[A-Za-z0-9]`. */
import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** 248 = 4 × 62: bytes above it would favour the first letters, so they are drawn again. */
const FAIR_BYTES = 248
/** So that drawing again is rare. */
const SPARE_BYTES = 4

/** 131 bits. */
const RANDOM_LETTERS = 22

/** `prefix` and `length` letters of 62, uniformly drawn. 22 letters carry 131 bits. */
export function createId(random: Random, prefix: string, length: number = RANDOM_LETTERS): string {
  let id = prefix
  while (id.length < prefix.length + length) {
    for (const byte of random.bytes(length + SPARE_BYTES)) {
      if (byte < FAIR_BYTES && id.length < prefix.length + length) id += ALPHABET[byte % 62]
    }
  }
  return id
}

/** Eight letters of 62 hold the milliseconds of the next six thousand years. */
const TIME_LETTERS = 8

/**
 * Like {@link createId}, the time in front of the 22 random letters. Ids that follow each other lie next to each other in
 * every index, so that what is written together changes few pages of the catalog.
 */
export function createOrderedId(clock: Clock, random: Random, prefix: string): string {
  let time = ''
  for (let left = clock.now(); time.length < TIME_LETTERS; left = Math.floor(left / 62)) {
    time = `${ALPHABET[left % 62]}${time}`
  }
  return createId(random, prefix + time)
}

/** The time in an id that `createOrderedId` made with this prefix; `null` for any other text. */
export function timeOfId(id: string, prefix: string): number | null {
  if (id.length !== prefix.length + TIME_LETTERS + RANDOM_LETTERS || !id.startsWith(prefix))
    return null
  let ms = 0
  for (const letter of id.slice(prefix.length, prefix.length + TIME_LETTERS)) {
    const digit = ALPHABET.indexOf(letter)
    if (digit === -1) return null
    ms = ms * 62 + digit
  }
  return ms
}

/** An access key id of the form clients expect: `HP` and 18 letters of the base-32 alphabet. */
export function createAccessKeyId(random: Random): string {
  return createUpperId(random, 'HP', 18)
}

const TEMPORARY_PREFIX = 'HT'
const TEMPORARY_ID = /^HT[A-Z2-7]{18}$/

/** The same of temporary credentials, told from the others by its beginning. */
export function createTemporaryKeyId(random: Random): string {
  return createUpperId(random, TEMPORARY_PREFIX, 18)
}

export function isTemporaryKeyId(id: string): boolean {
  return TEMPORARY_ID.test(id)
}

function createUpperId(random: Random, prefix: string, length: number): string {
  let id = prefix
  for (const byte of random.bytes(length)) id += UPPER[byte % 32]
  return id
}

/** `hps_` and 36 letters of 62: 214 bits. The prefix lets secret scanners know it; the length is that of Amazon's. */
export function createSecretText(random: Random): string {
  return createId(random, 'hps_', 36)
}
