/**
 * What a browser adds to the trouble: preflights, and CORS headers that are not there.
 *
 * @module
 */
import type { Finding, ObservedRequest, ObservedResponse } from '../facts/dialect-facts.ts'
import { headerValue } from '../facts/detection.ts'

/** Findings about CORS; empty without a response, or if no browser is involved. */
export function browserFindings(
  request: ObservedRequest,
  response: ObservedResponse | null,
): Finding[] {
  if (response === null || headerValue(request, 'origin') === null) return []
  const { status } = response
  if (request.method === 'OPTIONS') {
    if (status === null || status < 300) return []
    return [{ code: 'cors-preflight-refused', confidence: 0.97, evidence: `status ${status}` }]
  }
  const allowed = headerValue(response, 'access-control-allow-origin')
  if (allowed === null) {
    return [
      { code: 'cors-headers-missing', confidence: status !== null && status < 300 ? 0.9 : 0.55 },
    ]
  }
  const exposed = headerValue(response, 'access-control-expose-headers') ?? ''
  const isUpload = request.method === 'PUT' && status !== null && status < 300
  if (isUpload && !/(?:^|[\s,])(?:etag|\*)(?:$|[\s,])/i.test(exposed)) {
    return [{ code: 'cors-etag-not-exposed', confidence: 0.9 }]
  }
  return []
}
