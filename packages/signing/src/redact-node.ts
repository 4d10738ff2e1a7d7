/**
 * The entry `@hallpass/signing/redact-node`: redaction for Node's streams and servers. Imports nothing from
 * Node: the caller brings the `Transform` class.
 *
 * @module
 */
import { asNodeBuffer } from './lib/node-buffer.ts'
import { createRedactor } from './redact/redact.ts'
import { bytesToLatin1 } from './redact/latin1.ts'

export { describeIncomingMessage } from './redact/describe-request.ts'
export type { DescribableIncomingMessage, RequestDescription } from './redact/describe-request.ts'

/** The options a `Transform` is made with, as far as they are used here. */
export interface RedactTransformOptions {
  readonly transform: (
    this: TransformLike,
    chunk: Uint8Array,
    encoding: string,
    callback: (error?: Error | null) => void,
  ) => void
  readonly flush: (this: TransformLike, callback: (error?: Error | null) => void) => void
}

interface TransformLike {
  push(chunk: string, encoding?: 'latin1'): boolean
}

/** The class to make the stream of: `Transform` of `node:stream`. */
export type TransformConstructor<Stream> = new (options: RedactTransformOptions) => Stream

function toLatin1(chunk: Uint8Array): string {
  return asNodeBuffer(chunk)?.toString('latin1') ?? bytesToLatin1(chunk)
}

/**
 * A Node stream that takes the secrets out of what passes through it. Bytes that belong to no secret leave as
 * they came, in any encoding; every line leaves as soon as it is complete.
 *
 * ```ts
 * import { Transform } from 'node:stream'
 * process.stdin.pipe(createRedactStream(Transform)).pipe(process.stdout)
 * ```
 */
export function createRedactStream<Stream>(Transform: TransformConstructor<Stream>): Stream {
  const redactor = createRedactor()
  return new Transform({
    transform(chunk, _encoding, callback) {
      const output = redactor.push(toLatin1(chunk))
      if (output !== '') this.push(output, 'latin1')
      callback()
    },
    flush(callback) {
      const output = redactor.flush()
      if (output !== '') this.push(output, 'latin1')
      callback()
    },
  })
}
