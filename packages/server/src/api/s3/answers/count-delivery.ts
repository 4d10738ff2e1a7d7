/** How much of an answer went out, for whoever counts it: a link with a number of uses is used up by what was delivered whole. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { S3Answer, SentBody } from '../face.ts'

export interface CountedAnswer {
  readonly answer: S3Answer
  /** Waits until the answer is through or the connection is gone. */
  readonly sent: (response: ServerResponse) => Promise<SentBody>
}

/** The same answer; what is read of its body is counted. */
export function countDelivery(answer: S3Answer): CountedAnswer {
  const { body } = answer
  const length = lengthOf(answer)
  let read = 0

  async function sent(response: ServerResponse): Promise<SentBody> {
    if (!response.closed) await once(response, 'close')
    const isWhole = response.writableFinished
    // The last buffers may have been read in vain: what broke off is never all of it.
    return { isWhole, bytes: isWhole ? length : Math.min(read, Math.max(0, length - 1)) }
  }

  if (body === null || !('source' in body)) return { answer, sent }
  const { source } = body
  const counting = {
    readInto: async (buffer: Uint8Array) => {
      const count = await source.readInto(buffer)
      read += count
      return count
    },
    close: () => source.close(),
  }
  return { answer: { ...answer, body: { source: counting, length } }, sent }
}

export function lengthOf({ body }: S3Answer): number {
  if (body === null) return 0
  return 'source' in body ? body.length : body.byteLength
}
