/**
 * What is said to bytes that are no request, or that come too slowly to be one. Node's own answer may come second, after that to
 * the request whose body turned out to be broken; a proxy in between would hand it to somebody else.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Ends the connection, and answers first if that cannot be mistaken. `latest` is the last response begun on it. */
export function refuseBytes(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  latest: ServerResponse | undefined,
): void {
  if (socket.writable && mayAnswer(socket, latest)) {
    const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'
    socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`)
  }
  socket.destroy(error)
}

function mayAnswer(socket: Duplex, latest: ServerResponse | undefined): boolean {
  if (latest === undefined) return true
  // An answer that is out belongs to a request that is whole, or to the very bytes that failed now.
  if (latest.writableFinished) return latest.req.complete
  // A response has no socket while others are before it.
  return latest.socket === socket && !latest.headersSent
}
