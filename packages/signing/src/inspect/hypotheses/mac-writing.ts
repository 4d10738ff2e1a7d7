/**
 * A right MAC written in another alphabet, or with a digit or two changed, lost or doubled on its way.
 *
 * @module
 */
import { fromBase64, fromHex, toHex } from '../../lib/bytes.ts'
import type { Finding } from '../facts/dialect-facts.ts'

const MAX_DIGITS = 2
const MAX_LENGTH = 200

/** Why `sent` is not one of the MACs that were computed for the request as it stands; empty if it is another MAC. */
export function writingFindings(
  expected: readonly string[],
  sent: string,
  wanted: string,
): Finding[] {
  if (sent.length > MAX_LENGTH) return []
  const bytes = bytesOf(sent, sent.length)
  for (const mac of expected) {
    const isSame = bytes.some((hex) => bytesOf(mac, mac.length).includes(hex))
    if (isSame && mac !== sent) {
      const alphabet = `It is the right one in ${alphabetOf(sent)}; the scheme wants ${wanted}.`
      return [{ code: 'signature-alphabet', confidence: 0.98, facts: { alphabet } }]
    }
    const count = mac.length === sent.length ? differences(mac, sent) : slips(mac, sent)
    if (count > 0 && count <= MAX_DIGITS) {
      return [{ code: 'signature-digits-changed', confidence: 0.97, facts: { count } }]
    }
  }
  return []
}

/** What the text can stand for, as hex: a run of hex digits is also base64 of something else. */
function bytesOf(text: string, length: number): string[] {
  const found: string[] = []
  if (length % 2 === 0 && /^[0-9a-f]+$/i.test(text))
    found.push(toHex(fromHex(text) ?? new Uint8Array()))
  const standard = text
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replaceAll(' ', '+')
    .replace(/=+$/, '')
  const base64 = fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='))
  if (base64 !== null && base64.length > 0) found.push(toHex(base64))
  return found
}

function alphabetOf(text: string): string {
  if (/^[0-9a-f]+$/.test(text)) return 'hex'
  if (/^[0-9A-F]+$/.test(text)) return 'hex with capitals'
  if (/[+/ ]/.test(text)) return 'standard base64'
  if (/[-_]/.test(text)) return 'base64url'
  return 'base64 with other padding'
}

/** Characters lost or doubled in the middle of a copy; a cut or an appendix is another fault. */
function slips(a: string, b: string): number {
  const count = Math.abs(a.length - b.length)
  if (count > MAX_DIGITS || a.startsWith(b) || b.startsWith(a)) return Number.POSITIVE_INFINITY
  const [long, short] = a.length > b.length ? [a, b] : [b, a]
  let from = 0
  while (from < short.length && short[from] === long[from]) from += 1
  return short.slice(from) === long.slice(from + count) ? count : Number.POSITIVE_INFINITY
}

function differences(a: string, b: string): number {
  let count = 0
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) count += 1
  return count
}
