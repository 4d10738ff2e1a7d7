/**
 * Addresses and CIDR ranges. An IPv4 address mapped into IPv6 is the IPv4 address. Only full forms are read: `127.1`, `010.0.0.1`
 * and `2130706433` mean something else to other readers, and a zone (`fe80::1%eth0`) means something on one machine only.
 */
import ipaddr from 'ipaddr.js'
import { refusal } from './errors.ts'
import type { DomainError } from './errors.ts'

/** True if `cidrs` is empty or one of them holds `address`; an address that cannot be read is in none. */
export function isAddressAllowed(address: string, cidrs: readonly string[]): boolean {
  return cidrs.length === 0 || createAddressSet(cidrs)(address)
}

/** Tells whether one of the ranges holds an address. What cannot be read as a range holds none. */
export function createAddressSet(cidrs: readonly string[]): (address: string) => boolean {
  const ranges = cidrs.map(readCidr).filter((range) => range !== null)
  return (address) => {
    const parsed = readAddress(address)
    if (parsed === null) return false
    return ranges.some((range) => holds(range, parsed))
  }
}

/** The list with bare addresses widened to `/32` or `/128`; throws `field-invalid` naming the field. */
export function parseCidrs(cidrs: readonly string[], field: string): string[] {
  return cidrs.map((cidr) => {
    const parsed = parseCidr(cidr)
    if (parsed !== null) return parsed
    throw fieldInvalid(field, 'each entry must be an IP address or a CIDR range')
  })
}

/**
 * The ranges that something is limited to; `[]`, no limit, only for `undefined`. A list that came out empty was to allow nobody,
 * and must not allow everybody: `field-invalid`.
 */
export function parseAddressLimit(cidrs: readonly string[] | undefined, field: string): string[] {
  if (cidrs === undefined) return []
  if (cidrs.length > 0) return parseCidrs(cidrs, field)
  throw fieldInvalid(field, 'an empty list would allow nobody; leave it out to allow every address')
}

/** True if everything in `inner` is in one of `outer`; an empty `outer` holds everything. */
export function areCidrsWithin(inner: readonly string[], outer: readonly string[]): boolean {
  if (outer.length === 0) return true
  const wider = outer.map(readCidr).filter((range) => range !== null)
  return inner.every((cidr) => {
    const range = readCidr(cidr)
    return range !== null && wider.some((other) => other[1] <= range[1] && holds(other, range[0]))
  })
}

/** True if every range is at most as wide as said, in bits of its prefix. */
export function areCidrsNarrow(
  cidrs: readonly string[],
  least: { readonly ipv4: number; readonly ipv6: number },
): boolean {
  return cidrs.every((cidr) => {
    const range = readCidr(cidr)
    return range !== null && range[1] >= least[range[0].kind()]
  })
}

/** One range as `parseCidrs` writes it; `null` if it is none. */
export function parseCidr(text: string): string | null {
  const range = readCidr(text)
  return range === null ? null : `${range[0].toString()}/${range[1]}`
}

/** The address in its usual spelling, without a mapped form; `null` if it is none. */
export function parseAddress(text: string): string | null {
  return readAddress(text)?.toString() ?? null
}

/** Whose address it is: an IPv4 address by itself, of IPv6 the 64 bits that one subscriber has. */
export function networkOf(address: string): string {
  const parsed = readAddress(address)
  if (parsed === null || parsed.kind() === 'ipv4') return parsed?.toString() ?? address
  return parsed.toNormalizedString().split(':').slice(0, 4).join(':')
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = [Address, number]

function holds([network, bits]: Range, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits)
}

const MAPPED_BITS = 96

function readCidr(text: string): Range | null {
  const slash = text.indexOf('/')
  const name = slash === -1 ? text : text.slice(0, slash)
  const address = readAddress(name)
  if (address === null) return null
  const bits = address.kind() === 'ipv4' ? 32 : 128
  if (slash === -1) return [address, bits]
  const prefix = text.slice(slash + 1)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return null
  // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
  const isMapped = bits === 32 && name.includes(':')
  const length = Number(prefix) - (isMapped ? MAPPED_BITS : 0)
  return length >= 0 && length <= bits ? [address, length] : null
}

function readAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null
  const end = text.slice(text.lastIndexOf(':') + 1)
  if (end.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(end)) return null
  return ipaddr.process(text)
}

function fieldInvalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
