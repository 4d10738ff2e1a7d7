/**
 * What can be seen of an HTTP message signature beside its key: headers that did not come, and the digest of the body.
 *
 * @module
 */
import { matchesContentDigest } from '../../../dialects/http-signatures/content-digest.ts'
import { headerValue } from '../../facts/detection.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'

/** The signature itself is judged by the verifier. */
export function checkHttpSignature({ request }: ExplainContext): DialectExplanation {
  const input = (headerValue(request, 'signature-input') ?? '').slice(0, 8192)
  const list = /\(([^)]*)\)/.exec(input)?.[1] ?? ''
  const names = [...list.matchAll(/"([^"]{1,100})"/g)].map(([, name = '']) => name)
  const lost = names.filter((name) => !name.startsWith('@') && headerValue(request, name) === null)
  const findings: Finding[] = []
  if (lost.length > 0) {
    const facts = { names: lost.join(', ').slice(0, 200) }
    findings.push({ code: 'header-missing', confidence: 0.94, facts })
  }
  const digest = headerValue(request, 'content-digest')
  if (digest !== null && request.body !== null && !matchesContentDigest(digest, request.body)) {
    findings.push({ code: 'payload-mismatch', confidence: 0.96 })
  }
  return { findings, signature: 'unchecked' }
}
