/** Where to listen. */
import { parseAddress } from '../core/addresses.ts'

/** A host name or an address without brackets; throws an `Error` whose message goes on from the name of the setting. */
export function parseHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1')
  // A zone is part of where to listen, and of nothing else.
  if (host.includes(':') && parseAddress(host.replace(/%[\w.-]+$/, '')) !== null) return host
  if (!/^[A-Za-z0-9._-]+$/.test(host) || !URL.canParse(`http://${host}`)) {
    throw new Error('is not a host name or an IP address')
  }
  // Numbers that are no address in full are one to some resolvers, and which one depends on the resolver.
  if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(host) && parseAddress(host) === null) {
    throw new Error('is not an IP address in full, such as 127.0.0.1')
  }
  return host
}
