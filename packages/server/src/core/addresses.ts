/** Client addresses against CIDR lists. An IPv4 address mapped into IPv6 is the IPv4 address. */
import ipaddr from 'ipaddr.js'
import { DomainError } from './errors.ts'

/** True if `cidrs` is empty or one of them holds `address`; an address that cannot be read is in none. */
export function isAddressAllowed(address: string, cidrs: readonly string[]): boolean {
  if (cidrs.length === 0) return true
  const parsed = readAddress(address)
  if (parsed === null) return false
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

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = [Address, number]

function readCidr(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  const address = readAddress(text)
  return address === null ? null : [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Only the full forms: `127.1` and octal parts have a second reading, and a name is none at all. */
function readAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null
  return ipaddr.process(text)
}
