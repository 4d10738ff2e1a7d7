/** The text of a request, of which no more is read than it may have: whoever sends it may be anybody. */
import { HallpassError } from '../hallpass-error.ts'

/** Room for the largest message of a webhook. */
const MAX_BYTES = 64 * 1024

/** Throws `argument-invalid` for a longer one. */
export async function readText({ body }: Request): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > MAX_BYTES) {
      await reader.cancel()
      const message = 'body: it is too large.'
      throw new HallpassError({ code: 'argument-invalid', message, field: 'body', status: 400 })
    }
    text += decoder.decode(value, { stream: true })
  }
}
