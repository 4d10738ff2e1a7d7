/** The fields of a small form, as browsers and curl send them. */
import type { IncomingMessage } from 'node:http'
import { refusal } from '../../core/errors.ts'

/** The longest password, and the longest path, each letter written as its escape. */
const MAX_FORM_BYTES = 16 * 1024
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i

/** Throws `field-invalid` for another body than a form's, and for a longer one. */
export async function readForm(
  { headers }: IncomingMessage,
  readBody: () => AsyncIterable<Uint8Array>,
): Promise<URLSearchParams> {
  if (!FORM_TYPE.test(headers['content-type'] ?? '')) {
    const reason = 'a form is sent here, as application/x-www-form-urlencoded'
    throw refusal('field-invalid', { field: 'Content-Type', reason })
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readBody()) {
    size += chunk.byteLength
    if (size > MAX_FORM_BYTES) {
      const reason = `the form has at most ${MAX_FORM_BYTES} bytes`
      throw refusal('field-invalid', { field: 'body', reason })
    }
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks, size).toString())
}
