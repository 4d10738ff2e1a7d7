/** Writes an answer to the socket: small ones in one go, large ones by the read loop of http/send-body.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { discardBody } from '../../http/discard-body.ts'
import { sendSource } from '../../http/send-body.ts'
import type { S3Answer, S3Face } from './face.ts'

export interface Recipient {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
}

export async function sendAnswer(
  face: S3Face,
  { incoming, response, requestId }: Recipient,
  answer: S3Answer,
): Promise<void> {
  const { status, headers, body } = answer
  headers.push('x-amz-request-id', requestId)
  response.writeHead(status, headers)
  if (body === null || incoming.method === 'HEAD') response.end()
  else if ('source' in body) {
    const { buffers, watch, limits } = face
    const context = { buffers, watch, stallMs: limits.stalledWriteMs }
    await sendSource(response, body.source, body.length, context)
  } else response.end(body)
  if (!incoming.complete) discardBody(incoming, face.watch, face.limits)
}
