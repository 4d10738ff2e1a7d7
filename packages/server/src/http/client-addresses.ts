/**
 * Where a request comes from. The other end of the connection, unless that is a proxy whose word counts: then what it says, by the
 * PROXY protocol for the connection or by a header for the request. Nobody else is ever believed.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { peerAddress } from './capture-request.ts'
import { parseForwarded, parseForwardedFor } from './forwarded.ts'
import type { Hop } from './forwarded.ts'
import { readProxyHeaders } from './proxy-protocol.ts'
import { joinedHeader } from './raw-headers.ts'
import type { RawHeaders } from './raw-headers.ts'

export interface ClientAddresses {
  find(request: IncomingMessage): string
  /** Reads the PROXY protocol from connections of `server` that come from trusted peers. Before it listens. */
  attach(server: Server, timeoutMs: number): void
  /** Drops connections whose first bytes are still awaited. */
  close(): void
}

export interface ProxyTrust {
  readonly isTrusted: (address: string) => boolean
  /** The usual spelling of an address; `null` if it is none. */
  readonly parseAddress: (text: string) => string | null
}

/** Says nothing of where a request comes from, and lies in no range. */
const UNKNOWN_ADDRESS = 'unknown'

/** `null`: no proxy is trusted. */
export function createClientAddresses(trust: ProxyTrust | null): ClientAddresses {
  if (trust === null) {
    return {
      find: ({ socket }) => peerAddress(socket),
      attach: () => undefined,
      close: () => undefined,
    }
  }
  /** What the PROXY protocol said of a connection. */
  const announced = new WeakMap<Duplex, string>()
  const closers: (() => void)[] = []
  return {
    find: ({ socket, rawHeaders }) =>
      followHops(trust, announced.get(socket) ?? peerAddress(socket), rawHeaders),
    attach: (server, timeoutMs) => {
      const close = readProxyHeaders(server, {
        isExpected: (socket) => trust.isTrusted(peerAddress(socket)),
        timeoutMs,
        announce: (socket, address) => {
          announced.set(socket, trust.parseAddress(address) ?? UNKNOWN_ADDRESS)
        },
      })
      closers.push(close)
    },
    close: () => {
      for (const close of closers) close()
    },
  }
}

/**
 * Two headers that disagree say nothing: a proxy writes one of them and passes the other on as the client wrote it, and which one
 * that is cannot be seen.
 */
function followHops(trust: ProxyTrust, peer: string, headers: RawHeaders): string {
  if (!trust.isTrusted(peer)) return peer
  const forwardedFor = joinedHeader(headers, 'x-forwarded-for')
  const forwarded = joinedHeader(headers, 'forwarded')
  const found = new Set<string>()
  if (forwardedFor !== null) found.add(walk(trust, peer, parseForwardedFor(forwardedFor)))
  if (forwarded !== null) found.add(walk(trust, peer, parseForwarded(forwarded)))
  if (found.size > 1) return UNKNOWN_ADDRESS
  const [only] = found
  return only ?? peer
}

/** The rightmost address that is not a trusted proxy's; the leftmost if all are. */
function walk({ isTrusted, parseAddress }: ProxyTrust, peer: string, hops: readonly Hop[]): string {
  let address = peer
  for (const hop of hops.toReversed()) {
    const next = hop === null ? null : parseAddress(hop)
    if (next === null) return UNKNOWN_ADDRESS
    address = next
    if (!isTrusted(address)) return address
  }
  return address
}
