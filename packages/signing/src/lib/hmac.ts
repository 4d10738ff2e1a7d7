/**
 * HMAC [RFC2104 2] over keys prepared once. With `node:crypto`, its one-shot hash is called twice over
 * key-padded buffers, which costs half of what an HMAC object does; elsewhere the two key blocks are
 * compressed ahead, and each message continues from there.
 *
 * @module
 */
import { toUnpaddedBase64Url } from './base64-url.ts'
import { toBase64, toHex, utf8 } from './bytes.ts'
import { INNER_PAD, OUTER_PAD, padded, toKeyBlock } from './hmac-block.ts'
import type { BlockHash } from './merkle-damgard.ts'
import { digestBytes, finishDigest } from './merkle-damgard.ts'
import type { NodeBuffer, NodeBufferClass } from './node-buffer.ts'
import { nodeBuffer } from './node-buffer.ts'
import type { NodeCrypto } from './runtime-crypto.ts'
import { nodeCrypto } from './runtime-crypto.ts'

/**
 * A key ready for use, good for keeping. Its secret lives in closures, so printing it shows nothing.
 */
export interface HmacKey {
  readonly bytes: (data: string | Uint8Array) => Uint8Array
  readonly hex: (data: string | Uint8Array) => string
  /** Computes the HMAC of messages that differ in two places only: see {@link HmacTemplate}. */
  readonly template: (shape: HmacTemplateShape) => HmacTemplate
  readonly base64: (data: string | Uint8Array) => string
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
  const Buffer = nodeBuffer
  if (crypto === null || Buffer === undefined || !givesText(crypto)) {
    return { prepareHmacKey: preparePureKey }
  }
  const platform = { hash: crypto.hash, alloc: (size: number) => Buffer.alloc(size) }
  return { prepareHmacKey: (hash, key) => prepareNodeKey(platform, hash, key) }
}

/** What a key over `node:crypto` is made of. */
interface Platform extends Pick<NodeBufferClass, 'alloc'>, Pick<NodeCrypto, 'hash'> {}

/** Other runtimes imitate `node:crypto`, and not always with every encoding. */
function givesText(crypto: NodeCrypto): boolean {
  try {
    const digest = crypto.hash('sha256', '', 'latin1')
    return digest.length === 32 && digest.charCodeAt(0) === 0xe3
  } catch {
    return false
  }
}

// Strings to sign have about 140 characters; what is longer than this takes one more copy.
const MESSAGE_ROOM = 1024

/** A block with room for a message behind it. */
function withRoom({ alloc }: Platform, block: Uint8Array, room: number): NodeBuffer {
  const message = alloc(block.length + room)
  message.set(block)
  return message
}

function prepareNodeKey(
  platform: Platform,
  blockHash: BlockHash,
  key: string | Uint8Array,
): HmacKey {
  const { hash } = platform
  const { blockBytes, digestBytes: digestLength, name: hashName } = blockHash
  const keyBlock = toKeyBlock(blockHash, key, (_, data) => hash(hashName, data, 'buffer'))
  const inner = withRoom(platform, padded(keyBlock, INNER_PAD), MESSAGE_ROOM)
  const outer = withRoom(platform, padded(keyBlock, OUTER_PAD), digestLength)
  const innerBlock = inner.subarray(0, blockBytes)
  // Messages under one key mostly have one length, so the view over the last one is kept.
  let view = innerBlock

  function longMessage(data: Uint8Array): Uint8Array {
    const message = withRoom(platform, innerBlock, data.length)
    message.set(data, blockBytes)
    return message
  }
  function takeView(length: number): Uint8Array {
    if (view.length !== length) view = inner.subarray(0, length)
    return view
  }
  function innerMessage(data: string | Uint8Array): Uint8Array {
    if (typeof data === 'string') {
      // No UTF-16 unit takes more than three bytes of UTF-8.
      if (data.length * 3 > MESSAGE_ROOM) return longMessage(utf8(data))
      return takeView(blockBytes + inner.write(data, blockBytes, 'utf8'))
    }
    if (data.length > MESSAGE_ROOM) return longMessage(data)
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
    const message = withRoom(platform, innerBlock, secondAt + secondLength - blockBytes)
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
    bytes: (data) => hash(hashName, outerMessage(innerMessage(data)), 'buffer'),
    hex,
    template,
    base64: (data) => hash(hashName, outerMessage(innerMessage(data)), 'base64'),
  }
}

function joinedTemplate(shape: HmacTemplateShape, hex: (data: string) => string): HmacTemplate {
  return (first, second) => hex(shape.before + first + shape.between + second)
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
    bytes,
    hex: (data) => toHex(bytes(data)),
    template: (shape) => joinedTemplate(shape, (data) => toHex(bytes(data))),
    base64: (data) => toBase64(bytes(data)),
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
  return toUnpaddedBase64Url(key.base64(data))
}
