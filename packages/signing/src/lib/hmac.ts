/**
 * HMAC [RFC2104 2] over keys prepared once. With `node:crypto`, its one-shot hash is called twice over
 * key-padded buffers, which costs half of what an HMAC object does; elsewhere the two key blocks are
 * compressed ahead, and each message continues from there.
 *
 * @module
 */
import { toBase64, toBase64Url, toHex, utf8 } from './bytes.ts'
import { createHashEngine } from './hash.ts'
import type { BlockHash, HashName } from './merkle-damgard.ts'
import { digestBytes, finishDigest } from './merkle-damgard.ts'
import type { NodeBuffer } from './node-buffer.ts'
import { allocateNodeBuffer, hasNodeBuffer } from './node-buffer.ts'
import type { NodeCrypto } from './runtime-crypto.ts'
import { nodeCrypto } from './runtime-crypto.ts'

/**
 * A key ready for use, good for keeping. Its secret lives in closures, so printing it shows nothing.
 */
export interface HmacKey {
  readonly hash: HashName
  readonly bytes: (data: string | Uint8Array) => Uint8Array
  readonly hex: (data: string | Uint8Array) => string
  /** Computes the HMAC of messages that differ in two places only: see {@link HmacTemplate}. */
  readonly template: (shape: HmacTemplateShape) => HmacTemplate
  readonly base64: (data: string | Uint8Array) => string
  /** Without padding. */
  readonly base64Url: (data: string | Uint8Array) => string
}

/** What messages have in common. All of it, and what is put in, is ASCII. */
export interface HmacTemplateShape {
  readonly before: string
  /** How long the text is that comes next. */
  readonly firstLength: number
  readonly between: string
  /** How long the text is that comes last. */
  readonly secondLength: number
}

/** The same as `hex(before + first + between + second)`, with less copying. */
export type HmacTemplate = (first: string, second: string) => string

/** One way of computing HMACs. */
export interface HmacEngine {
  readonly prepareHmacKey: (hash: BlockHash, key: string | Uint8Array) => HmacKey
}

/** An engine over the runtime's cryptography, or over plain JavaScript for `null`. Both give the same results. */
export function createHmacEngine(crypto: NodeCrypto | null): HmacEngine {
  if (crypto === null || !hasNodeBuffer || !givesText(crypto))
    return { prepareHmacKey: preparePureKey }
  return { prepareHmacKey: (hash, key) => prepareNodeKey(crypto, hash, key) }
}

/** Other runtimes imitate `node:crypto`, and not always with every encoding. */
function givesText(crypto: NodeCrypto): boolean {
  try {
    const digest = crypto.hash('sha256', '', 'latin1')
    const isLatin1 = digest.length === 32 && digest.charCodeAt(0) === 0xe3
    return isLatin1 && crypto.hash('sha256', '', 'base64url') === BASE64_URL_OF_NOTHING
  } catch {
    return false
  }
}

const BASE64_URL_OF_NOTHING = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c
// Strings to sign have about 140 characters; what is longer than this takes one more copy.
const MESSAGE_ROOM = 1024

/** The key block: a key longer than a block is hashed first [RFC2104 2]. */
function toKeyBlock(
  hash: BlockHash,
  key: string | Uint8Array,
  hashBytes: (hash: BlockHash, data: Uint8Array) => Uint8Array,
): Uint8Array {
  const bytes = typeof key === 'string' ? utf8(key) : key
  const block = new Uint8Array(hash.blockBytes)
  block.set(bytes.length > hash.blockBytes ? hashBytes(hash, bytes) : bytes)
  return block
}

function padded(block: Uint8Array, pad: number): Uint8Array {
  return block.map((byte) => byte ^ pad)
}

/** A block with room for a message behind it. */
function allocateMessage(block: Uint8Array, room: number): NodeBuffer {
  const message = allocateNodeBuffer(block.length + room)
  message.set(block)
  return message
}

function prepareNodeKey(
  crypto: NodeCrypto,
  blockHash: BlockHash,
  key: string | Uint8Array,
): HmacKey {
  const { hash } = crypto
  const { blockBytes, digestBytes: digestLength, name: hashName } = blockHash
  const block = toKeyBlock(blockHash, key, createHashEngine(crypto).hashBytes)
  const inner = allocateMessage(padded(block, INNER_PAD), MESSAGE_ROOM)
  const outer = allocateMessage(padded(block, OUTER_PAD), digestLength)
  // Messages under one key mostly have one length, so the view over the last one is kept.
  let view = inner.subarray(0, blockBytes)

  function takeView(length: number): Uint8Array {
    if (view.length !== length) view = inner.subarray(0, length)
    return view
  }
  function innerMessage(data: string | Uint8Array): Uint8Array {
    if (typeof data === 'string') {
      // No UTF-16 unit takes more than three bytes of UTF-8.
      if (data.length * 3 > MESSAGE_ROOM) return joined(inner, blockBytes, utf8(data))
      return takeView(blockBytes + inner.write(data, blockBytes, 'utf8'))
    }
    if (data.length > MESSAGE_ROOM) return joined(inner, blockBytes, data)
    inner.set(data, blockBytes)
    return takeView(blockBytes + data.length)
  }
  // A digest as Latin-1 text is one character a byte, and twice as fast to get and write as a Buffer.
  function outerMessage(message: Uint8Array): NodeBuffer {
    outer.write(hash(hashName, message, 'latin1'), blockBytes, 'latin1')
    return outer
  }
  function template(shape: HmacTemplateShape): HmacTemplate {
    const { before, between, firstLength, secondLength } = shape
    const firstAt = blockBytes + before.length
    const secondAt = firstAt + firstLength + between.length
    const message = allocateMessage(
      inner.subarray(0, blockBytes),
      secondAt + secondLength - blockBytes,
    )
    message.write(before, blockBytes, 'latin1')
    message.write(between, firstAt + firstLength, 'latin1')
    return (first, second) => {
      if (first.length !== firstLength || second.length !== secondLength) {
        return hex(before + first + between + second)
      }
      message.write(first, firstAt, 'latin1')
      message.write(second, secondAt, 'latin1')
      return hash(hashName, outerMessage(message), 'hex')
    }
  }
  function hex(data: string | Uint8Array): string {
    return hash(hashName, outerMessage(innerMessage(data)), 'hex')
  }
  return {
    hash: hashName,
    bytes: (data) => hash(hashName, outerMessage(innerMessage(data)), 'buffer'),
    hex,
    template,
    base64: (data) => hash(hashName, outerMessage(innerMessage(data)), 'base64'),
    base64Url: (data) => hash(hashName, outerMessage(innerMessage(data)), 'base64url'),
  }
}

function joinedTemplate(shape: HmacTemplateShape, hex: (data: string) => string): HmacTemplate {
  return (first, second) => hex(shape.before + first + shape.between + second)
}

function joined(inner: Uint8Array, blockBytes: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(blockBytes + data.length)
  bytes.set(inner.subarray(0, blockBytes))
  bytes.set(data, blockBytes)
  return bytes
}

function preparePureKey(hash: BlockHash, key: string | Uint8Array): HmacKey {
  const block = toKeyBlock(hash, key, digestBytes)
  const innerState = hash.initialState.slice()
  const outerState = hash.initialState.slice()
  hash.compress(innerState, padded(block, INNER_PAD), 0)
  hash.compress(outerState, padded(block, OUTER_PAD), 0)
  const state = new Int32Array(innerState.length)

  function bytes(data: string | Uint8Array): Uint8Array {
    state.set(innerState)
    const message = typeof data === 'string' ? utf8(data) : data
    const digest = finishDigest(hash, state, message, hash.blockBytes)
    state.set(outerState)
    return finishDigest(hash, state, digest, hash.blockBytes)
  }
  return {
    hash: hash.name,
    bytes,
    hex: (data) => toHex(bytes(data)),
    template: (shape) => joinedTemplate(shape, (data) => toHex(bytes(data))),
    base64: (data) => toBase64(bytes(data)),
    base64Url: (data) => toBase64Url(bytes(data)),
  }
}

/** A key ready for {@link hmacHex} and its like. Text is taken as UTF-8. */
export const prepareHmacKey: HmacEngine['prepareHmacKey'] =
  createHmacEngine(nodeCrypto).prepareHmacKey

/** The HMAC as bytes. */
export function hmacBytes(key: HmacKey, data: string | Uint8Array): Uint8Array {
  return key.bytes(data)
}

/** The HMAC in lower-case hex. */
export function hmacHex(key: HmacKey, data: string | Uint8Array): string {
  return key.hex(data)
}

/** The HMAC in standard base64. */
export function hmacBase64(key: HmacKey, data: string | Uint8Array): string {
  return key.base64(data)
}

/** The HMAC in base64url without padding. */
export function hmacBase64Url(key: HmacKey, data: string | Uint8Array): string {
  return key.base64Url(data)
}
