/**
 * Node's `Buffer` without importing it, by its public methods: text goes into and out of bytes without a copy in between.
 *
 * @module
 */

/** The members of `Buffer` this library calls. */
export interface NodeBuffer extends Uint8Array {
  /** Gives the number of bytes written. */
  write(text: string, offset: number, encoding: 'utf8' | 'latin1'): number
  toString(encoding?: 'latin1' | 'base64url'): string
  subarray(start?: number, end?: number): NodeBuffer
}

interface NodeBufferClass {
  alloc(size: number): NodeBuffer
  isBuffer(value: unknown): value is NodeBuffer
}

const { Buffer } = globalThis as unknown as { readonly Buffer?: NodeBufferClass }

/** Whether the runtime has `Buffer`. */
export const hasNodeBuffer: boolean = typeof Buffer?.alloc === 'function'

/** Zeroed bytes that text can be written into. Only where there is a `Buffer`. */
export function allocateNodeBuffer(size: number): NodeBuffer {
  if (Buffer === undefined) throw new TypeError('this runtime has no Buffer')
  return Buffer.alloc(size)
}

/** The bytes, if they are a `Buffer`, which writes itself ten times as fast as we can; else `null`. */
export function asNodeBuffer(bytes: Uint8Array): NodeBuffer | null {
  return Buffer?.isBuffer(bytes) === true ? bytes : null
}
