/** Downloads of the bench: sixteen at once over kept connections, whose bytes are counted and not looked at. */
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'

export const AT_ONCE = 16

export const agent: Agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

/** Follows a redirect, as a client does. Rejects if what came is not whole. */
export async function download(url: string, size: number): Promise<void> {
  const answer = await ask(url)
  const count = await drain(answer)
  const { location } = answer.headers
  if (answer.statusCode === 302 && location !== undefined) return download(location, size)
  if (answer.statusCode !== 200 || count !== size)
    throw new Error(`${answer.statusCode} with ${count} bytes`)
}

function ask(url: string): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request(url, { agent }, resolve).on('error', reject).end()
  return promise
}

function drain(answer: IncomingMessage): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let count = 0
  answer.on('data', (chunk: Buffer) => (count += chunk.length)).on('error', reject)
  answer.on('end', () => resolve(count))
  return promise
}

export async function atOnce(work: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
