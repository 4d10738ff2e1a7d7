/** The request as it arrived, for verification: nothing decoded, merged or routed [RFC9112 3.2]. */
import type { IncomingMessage } from 'node:http'
import type { RawHeaders } from './raw-headers.ts'

export interface CapturedRequest {
  readonly method: string
  readonly target: string
  readonly headers: RawHeaders
  readonly scheme: 'http' | 'https'
  readonly clientIp: string
}

export function captureRequest(
  request: IncomingMessage,
  scheme: 'http' | 'https',
): CapturedRequest {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.rawHeaders,
    scheme,
    clientIp: peerAddress(request),
  }
}

/** The peer of the socket; nothing a client writes can change it. IPv4 in its IPv6 dress comes out as IPv4. */
export function peerAddress(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? ''
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
