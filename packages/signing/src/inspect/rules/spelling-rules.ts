/**
 * Spellings of a path or query that often break signatures. Hints only: whether they did, only the key tells.
 *
 * @module
 */
import type { Finding } from '../facts/dialect-facts.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { ObservedUrl } from '../facts/observed-url.ts'

/** Hints from the way the URL is written; `weight` is added where the provider says the signature is wrong. */
export function spellingFindings(url: ObservedUrl, weight: number): Finding[] {
  const findings: Finding[] = []
  const add = (code: Finding['code'], confidence: number) =>
    findings.push({ code, confidence: Math.min(confidence + weight, 0.9) })
  const text = percentDecode(url.path)
  if (url.parameters.some(({ rawName, rawValue }) => (rawName + rawValue).includes('+'))) {
    add('query-plus-for-space', 0.66)
  }
  if (/%25[0-9A-Fa-f]{2}/.test(url.path)) add('path-double-encoded', 0.6)
  if (url.path.includes('+')) add('path-plus-for-space', 0.58)
  if (text !== null && text !== text.normalize('NFC')) add('path-unicode-form', 0.57)
  if (/\/\.\.?(?:\/|$)/.test(url.path)) add('path-dots-folded', 0.56)
  if (url.path.includes('//')) add('path-slashes-merged', 0.5)
  if (url.query !== null && /[!'()*]/.test(url.query)) add('query-unescaped-reserved', 0.52)
  return findings
}
