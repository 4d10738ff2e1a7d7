/**
 * The network an address is in, as wide as a provider's part of a country is: the first 16 bits of IPv4, the first 32 of IPv6. Whoever
 * walks about with a phone stays within a few; those of strangers differ.
 */
import { parseAddress } from '../addresses.ts'

/** `203.0` or `2001:db8`; `null` for what is no address. */
export function wideNetworkOf(address: string): string | null {
  const parsed = parseAddress(address)
  if (parsed === null) return null
  const separator = parsed.includes(':') ? ':' : '.'
  return parsed.split(separator, 2).join(separator)
}
