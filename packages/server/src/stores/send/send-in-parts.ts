/**
 * Sends a body as one piece if it is small, and in parts if it is not: while one part is on its way the next one gathers, so that no more
 * than two are in memory, whatever the size of the body.
 */
import { forEachChunk } from '../../platform/for-each-chunk.ts'
import { createPartBuffer } from './part-buffer.ts'
import type { PartBuffer } from './part-buffer.ts'

export interface PartSending<Part, Done> {
  /** Bytes of the part with this number, from 1; the last one may have fewer. */
  readonly partBytes: (number: number) => number
  /** All of the body, which fits into one part. */
  readonly sendWhole: (bytes: Uint8Array) => Promise<Done>
  /** Called once, before the first part. */
  readonly begin: () => Promise<string>
  readonly sendPart: (uploadId: string, number: number, bytes: Uint8Array) => Promise<Part>
  readonly complete: (uploadId: string, parts: readonly Part[]) => Promise<Done>
  /** After a failure, whose clean-up must not hide it. */
  readonly abort: (uploadId: string) => Promise<void>
}

export async function sendInParts<Part, Done>(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  sending: PartSending<Part, Done>,
): Promise<Done> {
  const parts: Part[] = []
  let uploadId: string | null = null
  let buffer = createPartBuffer(sending.partBytes(1))
  let underWay: Promise<void> = Promise.resolve()

  async function sendOne(id: string, number: number, part: PartBuffer): Promise<void> {
    try {
      parts.push(await sending.sendPart(id, number, part.bytes()))
    } finally {
      part.release()
    }
  }

  async function flush(): Promise<void> {
    await underWay
    uploadId ??= await sending.begin()
    const number = parts.length + 1
    underWay = sendOne(uploadId, number, buffer)
    buffer = createPartBuffer(sending.partBytes(number + 1))
    // Whoever waits for it next reports it.
    underWay.catch(() => undefined)
  }

  /** Not before more comes than fits: what fits into one part is sent as a whole. */
  async function add(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.length > 0; rest = buffer.add(rest)) {
      if (buffer.isFull) await flush()
    }
  }

  try {
    await forEachChunk(body, signal, (chunk) => (chunk.length === 0 ? undefined : add(chunk)))
    if (uploadId === null) return await sending.sendWhole(buffer.bytes())
    await flush()
    await underWay
    return await sending.complete(uploadId, parts)
  } catch (error) {
    await underWay.catch(() => undefined)
    if (uploadId !== null) await sending.abort(uploadId).catch(() => undefined)
    throw error
  } finally {
    buffer.release()
  }
}
