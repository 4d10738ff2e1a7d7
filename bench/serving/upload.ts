/** Uploads large bodies, out of one buffer that is sent again and again. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { MIB } from './operations.ts'

const PIECE: Buffer = randomBytes(MIB)

/** Whole MiB over a connection of its own. Resolves to the ETag; throws if the answer is not 2xx. */
export async function sendLarge(url: string, bytes: number): Promise<string> {
  const sending = request(url, { method: 'PUT', headers: { 'content-length': bytes } })
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>
  for (let sent = 0; sent < bytes; sent += PIECE.length) {
    if (!sending.write(PIECE)) await once(sending, 'drain')
  }
  sending.end()
  const [answer] = await answered
  answer.resume()
  await once(answer, 'end')
  if (Math.floor((answer.statusCode ?? 0) / 100) !== 2) {
    throw new Error(`PUT of ${bytes} bytes was answered with ${answer.statusCode}`)
  }
  return answer.headers.etag ?? ''
}

/** MiB a second of `work`, which moves so many bytes. */
export async function mibPerSecond(bytes: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return bytes / MIB / ((performance.now() - start) / 1000)
}
