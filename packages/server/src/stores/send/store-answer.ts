/** What a store answered, and how its text is read: never more than was bargained for, nor for longer. */
import type { Readable } from 'node:stream'
import { SECOND_MS } from '../../platform/durations.ts'

export interface StoreAnswer {
  readonly status: number
  /** By its name in lower case; `null` if there is none. */
  readonly header: (name: string) => string | null
  /** Those whose names begin so, without what they begin with. */
  readonly headersBelow: (prefix: string) => Readonly<Record<string, string>>
  /** The store's own word for what is wrong, if it is one: letters and digits. */
  readonly code: string | null
  /** Of an answer that says yes; to be read to its end or destroyed. Gone where its text was asked for. */
  readonly body: Readable
  /** `null` where it was not asked for. */
  readonly text: string | null
  /** How often the request was sent; what an earlier one did may be what this one met. */
  readonly attempts: number
}

const TEXT_MS = 60 * SECOND_MS

/** `null`: there was more than `maxBytes` of it. Rejects when it breaks off or does not end. */
export async function readText(body: Readable, maxBytes: number): Promise<string | null> {
  const pieces: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => body.destroy(new Error('the text does not end')), TEXT_MS)
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      size += piece.length
      if (size > maxBytes) return null
      pieces.push(piece)
    }
    return Buffer.concat(pieces).toString('utf8')
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
}

/** Somebody who has what he needs: what is left of the answer is nobody's business. */
export function dropBody(body: Readable): void {
  body.on('error', () => undefined)
  body.destroy()
}
