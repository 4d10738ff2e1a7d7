/**
 * Sends the bytes of a file as the body of a request. A server that refuses it is heard before a byte of it is sent.
 *
 * @module
 */
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Answer } from '../call-server.ts'
import { beginRequest } from './open-url.ts'

export interface Sending {
  readonly url: string
  readonly method: 'PUT' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** The file on this machine. */
  readonly file: string
  /** In bytes; a file that has become shorter or longer meanwhile is sent as far as this. */
  readonly start: number
  readonly size: number
  /** Takes in what is sent. */
  readonly hash?: Hash
  readonly onBytes: (bytes: number) => void
}

/** Headers that are sent ahead of a body are written as UTF-8, which would make bytes of others two. */
// oxlint-disable-next-line no-control-regex -- all of ASCII
const IS_ASCII = /^[\0-\u007F]*$/

/** A proxy on the way may keep `100 Continue` to itself. */
const CONTINUE_WITHIN_MS = 2000

/** Resolves to whatever was answered; rejects if nothing was. */
export async function sendFile(sending: Sending): Promise<Answer> {
  const { url, method, headers, size } = sending
  const waits = size > 0 && Object.values(headers).every((value) => IS_ASCII.test(value))
  const request = beginRequest(url, {
    method,
    headers: {
      ...headers,
      'content-length': String(size),
      ...(waits && { expect: '100-continue' }),
    },
  })
  const answered = readAnswerOf(request)
  const sent = sendBody(request, sending, waits)
  // Who refuses early closes early, and the bytes on their way fail; what was answered counts.
  sent.catch(() => undefined)
  const answer = await Promise.race([answered, sent.then(() => answered)])
  request.destroy()
  return answer
}

async function sendBody(
  request: ClientRequest,
  { file, start, size, hash, onBytes }: Sending,
  waits: boolean,
): Promise<void> {
  if (size === 0) {
    request.end()
    return
  }
  if (waits) await allowed(request)
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash?.update(chunk)
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
  const source = createReadStream(file, { start, end: start + size - 1, highWaterMark: 256 * 1024 })
  await pipeline(source, counted, request)
}

/** Resolves when the body may go out. It never does for a request that was answered or failed before. */
function allowed(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, CONTINUE_WITHIN_MS)
    const settle = (): void => clearTimeout(late)
    request.once('response', settle).once('error', settle).once('close', settle)
    request.once('continue', () => {
      settle()
      resolve()
    })
    request.flushHeaders()
  })
}

function readAnswerOf(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject)
    request.once('response', (response: IncomingMessage) => {
      collect(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject)
    })
  })
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
