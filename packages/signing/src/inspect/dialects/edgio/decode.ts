/**
 * Recognises an Azure CDN from Edgio (Verizon) token. It is encrypted: only the secret opens it.
 *
 * @module
 */
import { createDetection, resourceText } from '../../facts/detection.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'

/** 12 bytes of nonce, a plain text of at least `ec_expire=1`, 16 bytes of tag: 52 characters and more. */
const TOKEN = /^[A-Za-z0-9\-_]{52,4096}$/

/** The token, the first part of the query, or `null`. */
function findEdgioToken({ url }: ObservedRequest): string | null {
  const first = url.query?.slice(0, 5000).split('&', 1)[0] ?? ''
  return TOKEN.test(first) ? first : null
}

/** What can be said of an encrypted token, or `null` if the request carries none. */
export function decodeEdgio(request: ObservedRequest): Detection<'edgio'> | null {
  if (findEdgioToken(request) === null) return null
  return createDetection({
    dialect: 'edgio',
    scheme: 'ectoken v3',
    resource: { scope: 'unknown', text: resourceText(request.url) },
    secrets: ['query string'],
    issues: [{ code: 'service-closed', what: 'Azure CDN from Edgio was closed in January 2025.' }],
  })
}
