/** Uploads one large body over one connection, out of a few buffers that are sent again and again. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { MIB } from './operations.ts'

const PIECE: Buffer = randomBytes(MIB)

/** MiB a second, from the first byte to the answer. Throws if the answer is not 2xx. */
export async function uploadLarge(url: string, bytes: number): Promise<number> {
  const start = performance.now()
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
  return bytes / MIB / ((performance.now() - start) / 1000)
}
