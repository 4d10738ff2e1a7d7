/**
 * The entry `@hallpass/signing/redact-web`: redaction for web streams and fetch requests.
 *
 * @module
 */
import { createRedactor } from './redact/redact.ts'
import { bytesToLatin1, latin1ToBytes } from './redact/latin1.ts'

export { describeRequest } from './redact/describe-request.ts'
export type { DescribableRequest, RequestDescription } from './redact/describe-request.ts'

/** A stream that takes the secrets out of the text that passes through it. */
export function createRedactTextStream(): TransformStream<string, string> {
  const redactor = createRedactor()
  return new TransformStream({
    transform(chunk, controller) {
      const output = redactor.push(chunk)
      if (output !== '') controller.enqueue(output)
    },
    flush(controller) {
      const output = redactor.flush()
      if (output !== '') controller.enqueue(output)
    },
  })
}

/**
 * A stream that takes the secrets out of the bytes that pass through it. Bytes that belong to no secret leave
 * as they came, in any encoding.
 */
export function createRedactByteStream(): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  const redactor = createRedactor()
  return new TransformStream({
    transform(chunk, controller) {
      const output = redactor.push(bytesToLatin1(chunk))
      if (output !== '') controller.enqueue(latin1ToBytes(output))
    },
    flush(controller) {
      const output = redactor.flush()
      if (output !== '') controller.enqueue(latin1ToBytes(output))
    },
  })
}
