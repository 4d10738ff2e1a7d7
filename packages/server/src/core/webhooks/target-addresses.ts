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

/** Loopback, link-local, private, shared and reserved ranges are not, nor IPv6 forms that lead to an IPv4 address. */
function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast'
}
