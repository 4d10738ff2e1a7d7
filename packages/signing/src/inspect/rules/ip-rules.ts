/**
 * Whether the client's address is in the range a URL is limited to, as far as the address is known.
 *
 * @module
 */
import type { Finding } from '../facts/dialect-facts.ts'
import { isIpInRange, parseIpAddress, parseIpRange } from '../../lib/ip-address.ts'
import { showText } from '../facts/detection.ts'

/** Surely not allowed, perhaps not (the address is not known), or nothing. `a-b` ranges are read too. */
export function ipFindings(allowed: string | null, clientIp: string | null): Finding[] {
  if (allowed === null || allowed === '' || /^(0\.0\.0\.0\/0|::\/0|\*)$/.test(allowed)) return []
  const facts = { allowed: showText(allowed, 80) }
  if (clientIp === null) return [{ code: 'ip-not-allowed', confidence: 0.4, facts }]
  const address = parseIpAddress(clientIp)
  if (address === null) return []
  const isInside = allowed
    .split(',')
    .slice(0, 50)
    .some((range) => isInRange(address, range.trim()))
  return isInside ? [] : [{ code: 'ip-not-allowed', confidence: 0.95, facts }]
}

function isInRange(address: Uint8Array, text: string): boolean {
  const [from = '', to] = text.split('-')
  if (to === undefined) {
    const range = parseIpRange(text)
    return range !== null && isIpInRange(address, range)
  }
  const low = parseIpAddress(from.trim())
  const high = parseIpAddress(to.trim())
  if (low?.length !== address.length || high?.length !== address.length) return false
  return compare(low, address) <= 0 && compare(address, high) <= 0
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (const [index, byte] of a.entries()) {
    const difference = byte - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
