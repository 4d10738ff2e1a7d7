/** Bytes as letters and digits and back: eleven letters for eight bytes, and for what is left as many as it takes. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = 62n
const GROUP_BYTES = 8
/** How many letters hold so many bytes: no two counts have the same, so that the end of a text says how many bytes it is of. */
const LETTERS = [0, 2, 3, 5, 6, 7, 9, 10, 11] as const
const GROUP_LETTERS = 11

export function encodeLetters(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += GROUP_BYTES) {
    text += encodeGroup(bytes.subarray(at, at + GROUP_BYTES))
  }
  return text
}

/** `null` for what `encodeLetters` does not write. */
export function decodeLetters(text: string): Uint8Array | null {
  const groups: Uint8Array[] = []
  for (let at = 0; at < text.length; at += GROUP_LETTERS) {
    const group = decodeGroup(text.slice(at, at + GROUP_LETTERS))
    if (group === null) return null
    groups.push(group)
  }
  return Buffer.concat(groups)
}

function encodeGroup(bytes: Uint8Array): string {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  let text = ''
  for (let count = LETTERS[bytes.length] ?? 0; count > 0; count -= 1) {
    text = `${ALPHABET[Number(value % BASE)]}${text}`
    value /= BASE
  }
  return text
}

function decodeGroup(text: string): Uint8Array | null {
  const length = LETTERS.findIndex((count) => count === text.length)
  if (length < 1) return null
  let value = 0n
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter)
    if (digit === -1) return null
    value = value * BASE + BigInt(digit)
  }
  const bytes = new Uint8Array(length)
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(value % 256n)
    value /= 256n
  }
  return value === 0n ? bytes : null
}
