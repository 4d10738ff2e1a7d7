/** Where messages may be sent: to public addresses, and to the networks that a setting names. */
import ipaddr from 'ipaddr.js'
import { createAddressSet } from '../addresses.ts'

/** Tells whether an address may be connected to. Without TLS only those of the networks named. */
export function createTargetCheck(
  networks: readonly string[],
): (address: string, isSecure: boolean) => boolean {
  const isNamed = createAddressSet(networks)
  return (address, isSecure) => isNamed(address) || (isSecure && isPublic(address))
}

/** What a URL names in place of a host; `null` for a name. */
export function addressIn({ hostname }: URL): string | null {
  const address = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(address) ? address : null
}

/** Loopback, link-local, private, shared and reserved ranges are not, nor IPv6 forms that lead to an IPv4 address. */
function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const target = ipaddr.process(address)
  return target.range() === 'unicast' && !isCompatible(target)
}

/** `::a.b.c.d`, an IPv4 address behind 96 zero bits [RFC4291 2.5.5.1]. */
function isCompatible(target: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return (
    target.kind() === 'ipv6' &&
    target
      .toByteArray()
      .slice(0, 12)
      .every((byte) => byte === 0)
  )
}
