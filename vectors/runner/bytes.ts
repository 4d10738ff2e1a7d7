/** Bytes and their texts, in every runtime. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Of base64 in either alphabet. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const decoded = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(decoded, (character) => character.charCodeAt(0))
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** The SHA-256 of bytes or of a text in UTF-8, as hex. */
export function sha256Hex(content: Uint8Array | string): string {
  return bytesToHex(sha256(typeof content === 'string' ? fromText(content) : content))
}

export function fromText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

export function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** The CRC-32 of `bytes` after those of which `crc` is one already. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  let register = ~crc
  for (const byte of bytes) {
    register ^= byte
    for (let bit = 0; bit < 8; bit += 1) {
      register = (register >>> 1) ^ (register & 1 ? 0xed_b8_83_20 : 0)
    }
  }
  return ~register >>> 0
}
