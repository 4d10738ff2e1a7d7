/** Client addresses against CIDR lists. An IPv4 address mapped into IPv6 is the IPv4 address. */
import ipaddr from 'ipaddr.js'
import { refusal } from './errors.ts'

/** True if `cidrs` is empty or one of them holds `address`; an address that cannot be read is in none. */
export function isAddressAllowed(address: string, cidrs: readonly string[]): boolean {
  if (cidrs.length === 0) return true
  const parsed = readAddress(address)
  return parsed !== null && cidrs.some((cidr) => holds(readCidr(cidr), parsed))
}

/** The list with bare addresses widened to `/32` or `/128`; throws `field-invalid` naming the field. */
export function parseCidrs(cidrs: readonly string[], field: string): string[] {
  return cidrs.map((cidr) => {
    const range = readCidr(cidr)
    if (range !== null) return `${range[0].toString()}/${range[1]}`
    const reason = 'each entry must be an IP address or a CIDR range'
    throw refusal('field-invalid', { field, reason })
  })
}

/** True if everything in `inner` is in one of `outer`; an empty `outer` holds everything. */
export function areCidrsWithin(inner: readonly string[], outer: readonly string[]): boolean {
  if (outer.length === 0) return true
  return inner.every((cidr) => {
    const range = readCidr(cidr)
    if (range === null) return false
    return outer.some((other) => {
      const wider = readCidr(other)
      return wider !== null && wider[1] <= range[1] && holds(wider, range[0])
    })
  })
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [Address, number]

function holds(range: Range | null, address: Address): boolean {
  return range !== null && range[0].kind() === address.kind() && address.match(range[0], range[1])
}

function readCidr(text: string): Range | null {
  const slash = text.indexOf('/')
  if (slash === -1) {
    const address = readAddress(text)
    return address === null ? null : [address, address.kind() === 'ipv4' ? 32 : 128]
  }
  const bits = readBits(text.slice(slash + 1))
  const address = parseAddress(text.slice(0, slash))
  if (bits === null || address === null) return null
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96) {
    return [address.toIPv4Address(), bits - 96]
  }
  return bits <= (address.kind() === 'ipv4' ? 32 : 128) ? [address, bits] : null
}

function readBits(text: string): number | null {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : null
}

function readAddress(text: string): Address | null {
  const address = parseAddress(text)
  if (address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()) {
    return address.toIPv4Address()
  }
  return address
}

/** Only the full forms: `127.1` and octal parts have a second reading, a zone means something on one machine only, a name is none. */
function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null
  const dotted = text.includes('.') ? text.slice(text.lastIndexOf(':') + 1) : null
  if (dotted !== null && !ipaddr.IPv4.isValidFourPartDecimal(dotted)) return null
  return ipaddr.IPv6.parse(text)
}
