/**
 * IPv4 and IPv6 addresses and CIDR ranges as bytes. Two spellings of one address are equal here, and a spelling that
 * some parsers read differently (leading zeros, missing parts) is none.
 *
 * @module
 */

/** A network: its address bytes (4 or 16) and how many leading bits count. */
export interface IpRange {
  readonly bytes: Uint8Array
  readonly prefixLength: number
}

const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/

/** 4 bytes of an IPv4 address, 16 of an IPv6 address, 4 of an IPv4 address written as `::ffff:a.b.c.d`; or `null`. */
export function parseIpAddress(text: string): Uint8Array | null {
  if (!text.includes(':')) return parseIpv4(text)
  const bytes = parseIpv6(text)
  if (bytes === null) return null
  const isMapped =
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return isMapped ? bytes.slice(12) : bytes
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = IPV4.exec(text)?.slice(1).map(Number)
  if (parts === undefined || parts.some((part) => part > 255)) return null
  return Uint8Array.from(parts)
}

function parseIpv6(text: string): Uint8Array | null {
  if (text.length > 45) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1))
  if (head === undefined || head === null || tail === null) return null
  if (tail === undefined) return head.length === 16 ? Uint8Array.from(head) : null
  // `::` stands for at least one group of zeros [RFC4291 2.2].
  if (head.length + tail.length > 14) return null
  const zeros = Array.from({ length: 16 - head.length - tail.length }, () => 0)
  return Uint8Array.from([...head, ...zeros, ...tail])
}

/** The bytes of groups between colons; the last group of the whole address may be an IPv4 address. */
function parseGroups(text: string, isEnd: boolean): number[] | null {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (isEnd && group.includes('.') && index === groups.length - 1) {
      const ipv4 = parseIpv4(group)
      if (ipv4 === null) return null
      bytes.push(...ipv4)
      continue
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return null
    const value = Number.parseInt(group, 16)
    bytes.push(value >> 8, value & 255)
  }
  return bytes
}

/** The range behind `address` or `address/bits`, bits beyond the prefix allowed to be set; or `null`. */
export function parseIpRange(text: string): IpRange | null {
  const slash = text.indexOf('/')
  const bytes = parseIpAddress(slash === -1 ? text : text.slice(0, slash))
  if (bytes === null) return null
  const bits = bytes.length * 8
  if (slash === -1) return { bytes, prefixLength: bits }
  const suffix = text.slice(slash + 1)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(suffix) || Number(suffix) > bits) return null
  return { bytes, prefixLength: Number(suffix) }
}

/** True if the address lies in the range; an address of the other family never does. */
export function isIpInRange(address: Uint8Array, range: IpRange): boolean {
  if (address.length !== range.bytes.length) return false
  const whole = range.prefixLength >> 3
  for (let index = 0; index < whole; index += 1) {
    if (address[index] !== range.bytes[index]) return false
  }
  const rest = range.prefixLength & 7
  if (rest === 0) return true
  const mask = (0xff << (8 - rest)) & 0xff
  return ((address[whole] ?? 0) & mask) === ((range.bytes[whole] ?? 0) & mask)
}

/** True if any bit beyond the prefix is set: `10.0.0.1/24` is not a network. */
export function hasHostBits(range: IpRange): boolean {
  return range.bytes.some((byte, index) => {
    const kept = Math.max(0, Math.min(8, range.prefixLength - index * 8))
    return (byte & (0xff >> kept)) !== 0
  })
}

/** True if two addresses are the same one. */
export function isSameAddress(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
