/** Writes an answer to the socket: small ones in one go, large ones by the read loop of http/send-body.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { discardBody, endsConnection } from '../../../http/discard-body.ts'
import { sendSource } from '../../../http/send-body.ts'
import type { ByteSource } from '../../../http/send-body.ts'
import type { S3Answer, S3Body, S3Face } from '../face.ts'

export interface Recipient {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
}

/** Up to this size, copying a body behind its head into one buffer is cheaper than handing the system two. */
const ONE_WRITE_BYTES = 8 * 1024

/** `null` once everything has been handed over; else a promise of it. Throws, or rejects, if it cannot be sent. */
export function sendAnswer(
  face: S3Face,
  recipient: Recipient,
  answer: S3Answer,
): Promise<void> | null {
  const { incoming, response, requestId } = recipient
  const { status, headers, body } = answer
  headers.push('x-amz-request-id', requestId)
  if (endsConnection(incoming, face.limits)) response.shouldKeepAlive = false
  response.writeHead(status, headers)
  if (isSource(body)) return sendLarge(face, recipient, body)
  if (body === null || incoming.method === 'HEAD') response.end()
  else if (body.byteLength > ONE_WRITE_BYTES) response.end(body)
  else response.end(toLatin1(body), 'latin1')
  if (!incoming.complete) discardBody(incoming, face.deadlines, face.limits)
  return null
}

interface LargeBody {
  readonly source: ByteSource
  readonly length: number
}

function isSource(body: S3Body): body is LargeBody {
  return body !== null && 'source' in body
}

async function sendLarge(
  face: S3Face,
  { incoming, response }: Recipient,
  { source, length }: LargeBody,
): Promise<void> {
  await sendSource(response, source, length, face.buffers)
  if (!incoming.complete) discardBody(incoming, face.deadlines, face.limits)
}

/** One character a byte: node:http joins text to the head, and sends both with one call. */
function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
