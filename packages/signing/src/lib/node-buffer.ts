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

/** What this library uses of the class. */
export interface NodeBufferClass {
  /** Zeroed bytes that text can be written into. */
  alloc(size: number): NodeBuffer
  isBuffer(value: unknown): value is NodeBuffer
}

/** `Buffer`, where the runtime has it. */
export const nodeBuffer: NodeBufferClass | undefined = (
  globalThis as unknown as { readonly Buffer?: NodeBufferClass }
).Buffer

/** The bytes, if they are a `Buffer`, which writes itself ten times as fast as we can; else `null`. */
export function asNodeBuffer(bytes: Uint8Array): NodeBuffer | null {
  return nodeBuffer?.isBuffer(bytes) === true ? bytes : null
}
