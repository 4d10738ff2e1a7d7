/** The request as it arrived, for verification: nothing decoded, merged or routed [RFC9112 3.2]. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { RawHeaders } from './raw-headers.ts'

export interface CapturedRequest {
  readonly method: string
  readonly target: string
  readonly headers: RawHeaders
  readonly scheme: 'http' | 'https'
  readonly clientIp: string
}

/** `clientIp` is what `ClientAddresses` found. */
export function captureRequest(
  request: IncomingMessage,
  origin: { readonly scheme: 'http' | 'https'; readonly clientIp: string },
): CapturedRequest {
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.rawHeaders,
    scheme: origin.scheme,
    clientIp: origin.clientIp,
  }
}

/**
 * The other end of the socket; nothing a client writes can change it. IPv4 in its IPv6 dress comes out as IPv4, and the zone of a
 * link-local address, which is a name of this machine's, is left out.
 */
export function peerAddress({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  if (remoteAddress.startsWith('::ffff:') && remoteAddress.includes('.')) {
    return remoteAddress.slice(7)
  }
  const zone = remoteAddress.indexOf('%')
  return zone === -1 ? remoteAddress : remoteAddress.slice(0, zone)
}
