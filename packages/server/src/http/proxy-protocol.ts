/**
 * The PROXY protocol, version 2 [PROXY-PROTOCOL 2.2]: before the first byte of HTTP, a balancer that passes bytes through says whose
 * connection it is. Whether it does is seen from the first bytes, which no HTTP request can begin with.
 *
 *     0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A   signature
 *     21 | 20                               version 2; PROXY, or LOCAL for the balancer's own checks
 *     11 | 21                               TCP over IPv4, over IPv6; of anything else no client is known, and it is refused
 *     LL LL                                 bytes that follow: addresses, ports, extensions
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

const SIGNATURE: Buffer = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const HEADER_BYTES = 16
const VERSION_2_LOCAL = 0x20
const VERSION_2_PROXY = 0x21
const ADDRESS_BYTES: ReadonlyMap<number, 4 | 16> = new Map([
  [0x11, 4],
  [0x21, 16],
])
/** Both addresses, both ports. */
const PORT_BYTES = 4
/** Room for every extension in use; more is no balancer's header. */
const MAX_BODY_BYTES = 4096

export interface ProxyHeaderOptions {
  /** Whether a connection may begin with a header; of others it is never read. */
  readonly isExpected: (socket: Socket) => boolean
  /** How long its first bytes may take. */
  readonly timeoutMs: number
  readonly announce: (socket: Socket, address: string) => void
}

/** Stands between `server` and its connections. Call it before the server listens; the result drops those that still wait. */
export function readProxyHeaders(server: Server, options: ProxyHeaderOptions): () => void {
  const attached = server.listeners('connection')
  const waiting = new Set<Socket>()
  const handOver = (socket: Socket): void => {
    for (const listener of attached) Reflect.apply(listener, server, [socket])
  }
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (!options.isExpected(socket)) {
      handOver(socket)
      return
    }
    waiting.add(socket)
    const done = (): void => {
      waiting.delete(socket)
    }
    awaitHeader(socket, options.timeoutMs, (header, rest) => {
      done()
      if (header === null) {
        socket.destroy()
        return
      }
      if (header.source !== null) options.announce(socket, header.source)
      if (rest.length > 0) socket.unshift(rest)
      handOver(socket)
      socket.resume()
    })
  })
  return () => {
    for (const socket of waiting) socket.destroy()
  }
}

interface ProxyHeader {
  /** `null`: nothing was said, or that the balancer speaks for itself. */
  readonly source: string | null
  /** Bytes it took; 0 if there is none. */
  readonly length: number
}

type Finish = (header: ProxyHeader | null, rest: Buffer) => void

/** Calls `finish` once, with `null` for a connection that ends, is too slow, or begins with a broken header. */
function awaitHeader(socket: Socket, timeoutMs: number, finish: Finish): void {
  let bytes: Buffer = Buffer.alloc(0)
  const timer = setTimeout(() => end(null), timeoutMs)
  const fail = (): void => end(null)

  function end(header: ProxyHeader | null): void {
    clearTimeout(timer)
    socket.off('data', take).off('end', fail).off('close', fail)
    socket.pause()
    finish(header, bytes.subarray(header?.length ?? 0))
    socket.off('error', ignore)
  }

  function take(chunk: Buffer): void {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    const header = parseProxyHeader(bytes)
    if (header !== 'incomplete') end(header)
  }

  socket.on('error', ignore).on('end', fail).on('close', fail).on('data', take)
}

function ignore(): void {
  // `close` follows.
}

/** `null` for a broken header. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader | null | 'incomplete' {
  const seen = bytes.subarray(0, SIGNATURE.length)
  if (!seen.equals(SIGNATURE.subarray(0, seen.length))) return { source: null, length: 0 }
  if (bytes.length < HEADER_BYTES) return 'incomplete'
  const bodyLength = bytes.readUInt16BE(14)
  if (bodyLength > MAX_BODY_BYTES) return null
  const length = HEADER_BYTES + bodyLength
  if (bytes.length < length) return 'incomplete'
  const command = bytes.readUInt8(12)
  if (command === VERSION_2_LOCAL) return { source: null, length }
  const size = ADDRESS_BYTES.get(bytes.readUInt8(13))
  if (command !== VERSION_2_PROXY || size === undefined) return null
  if (bodyLength < size * 2 + PORT_BYTES) return null
  return { source: formatBytes(bytes.subarray(HEADER_BYTES, HEADER_BYTES + size)), length }
}

function formatBytes(address: Buffer): string {
  if (address.length === 4) return address.join('.')
  return address.toString('hex').replaceAll(/(.{4})(?=.)/g, '$1:')
}
