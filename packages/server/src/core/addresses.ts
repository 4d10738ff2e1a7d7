/** Client addresses against CIDR lists. An IPv4 address mapped into IPv6 is the IPv4 address. */
import ipaddr from 'ipaddr.js'
import { DomainError } from './errors.ts'

/** True if `cidrs` is empty or one of them holds `address`; an address that cannot be read is in none. */
export function isAddressAllowed(address: string, cidrs: readonly string[]): boolean {
  if (cidrs.length === 0) return true
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return cidrs.some((cidr) => {
    const range = readCidr(cidr)
    return range !== null && range[0].kind() === parsed.kind() && parsed.match(range)
  })
}

/** The list with bare addresses widened to `/32` or `/128`; throws `field-invalid` naming the field. */
export function parseCidrs(cidrs: readonly string[], field: string): string[] {
  return cidrs.map((cidr) => {
    const range = readCidr(cidr)
    if (range !== null) return `${range[0].toString()}/${range[1]}`
    const reason = 'each entry must be an IP address or a CIDR range'
    throw new DomainError('field-invalid', `${field}: ${reason}.`, { field, reason })
  })
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]

function readCidr(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  // `isValid` also takes `127.1` and octal parts; the strict forms leave no second reading.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return [ipaddr.IPv4.parse(text), 32]
  if (text.includes(':') && ipaddr.IPv6.isValid(text)) return [ipaddr.IPv6.parse(text), 128]
  return null
}
