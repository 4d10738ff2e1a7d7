/**
 * What the headers and the method of a request say, for the fourth signature version.
 *
 * @module
 */
import type { Detection, Finding, ObservedRequest } from '../facts/dialect-facts.ts'
import { headerValue } from '../facts/detection.ts'

const SURE = 0.94

/** Headers of the scheme that are not signed, signed headers that did not come, a second authentication. */
export function headerFindings(
  request: ObservedRequest,
  detection: Detection,
  headerPrefix: string,
): Finding[] {
  if (detection.form !== 'url' && detection.form !== 'header') return []
  return [
    ...(detection.form === 'url' ? authorizationFindings(request) : []),
    ...unsignedFindings(request, detection, headerPrefix),
    ...missingFindings(request, detection),
  ]
}

function authorizationFindings(request: ObservedRequest): Finding[] {
  const authorization = headerValue(request, 'authorization')
  if (authorization === null) return []
  const scheme = /^\s*([A-Za-z0-9-]{1,30})/.exec(authorization)?.[1] ?? 'unknown'
  return [
    { code: 'authorization-header-added', confidence: 0.96, evidence: `its scheme is ${scheme}` },
  ]
}

function unsignedFindings(
  request: ObservedRequest,
  { signedHeaders, form }: Detection,
  headerPrefix: string,
): Finding[] {
  const unsigned = request.headers
    .map(([name]) => name.toLowerCase())
    .filter(
      (name) =>
        (name.startsWith(headerPrefix) || name === 'content-md5') &&
        (name !== `${headerPrefix}content-sha256` || form === 'header') &&
        !signedHeaders.includes(name),
    )
  if (unsigned.length === 0) return []
  const names = [...new Set(unsigned)].join(', ').slice(0, 200)
  return [{ code: 'headers-unsigned', confidence: SURE, facts: { names } }]
}

function missingFindings(request: ObservedRequest, { signedHeaders }: Detection): Finding[] {
  if (!request.headersKnown) return []
  const sent = new Set(request.headers.map(([name]) => name.toLowerCase()))
  const missing = signedHeaders.filter((name) => name !== 'host' && !sent.has(name))
  if (missing.length === 0) return []
  const names = missing.join(', ').slice(0, 200)
  return [{ code: 'header-missing', confidence: SURE, facts: { names } }]
}

/** The method sent is not among those the URL itself names. */
export function methodFindings(request: ObservedRequest, methods: readonly string[]): Finding[] {
  const { method } = request
  if (method === null || method === 'OPTIONS' || methods.length === 0) return []
  if (methods.includes(method)) return []
  const facts = { signed: methods.join(' or '), sent: method.slice(0, 20) }
  return [{ code: 'method-differs', confidence: SURE, facts }]
}
