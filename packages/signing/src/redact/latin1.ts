/**
 * Bytes as text of one character a byte, and back. Whatever the encoding of a log is, its ASCII stays itself,
 * and secrets consist of ASCII: so every byte that is not part of one comes out as it went in.
 *
 * @module
 */

const BLOCK = 8192

/** One character a byte. */
export function bytesToLatin1(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += BLOCK) {
    text += String.fromCharCode(...bytes.subarray(at, at + BLOCK))
  }
  return text
}

/** The bytes behind {@link bytesToLatin1}. */
export function latin1ToBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}
