/** Downloads a body and keeps nothing of it. */
import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { MIB } from '../serving/operations.ts'

export interface Downloaded {
  readonly bytes: number
  readonly mibPerSecond: number
}

/** Throws where it did not come whole. */
export async function downloadLarge(url: string): Promise<Downloaded> {
  const start = performance.now()
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage]
  let bytes = 0
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await once(answer, 'end')
  if (answer.statusCode !== 200 || String(bytes) !== answer.headers['content-length']) {
    throw new Error(`GET was answered with ${answer.statusCode} and ${bytes} bytes`)
  }
  return { bytes, mibPerSecond: bytes / MIB / ((performance.now() - start) / 1000) }
}
