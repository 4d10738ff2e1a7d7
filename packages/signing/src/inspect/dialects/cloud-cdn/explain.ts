/**
 * Why a Cloud CDN URL or cookie fails.
 *
 * @module
 */
import { fromBase64Url, utf8 } from '../../../lib/bytes.ts'
import { equalText } from '../../../lib/constant-time.ts'
import type { DialectExplanation, ExplainContext, ExplainKey } from '../../facts/dialect-facts.ts'
import { cookiePairs, valuesByName } from '../../facts/detection.ts'
import {
  checkGoogleCdnUrl,
  googleCdnQueryFindings,
  prefixFindings,
} from '../../rules/google-cdn-rules.ts'
import { writingFindings } from '../../hypotheses/mac-writing.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { prepareHmacKey } from '../../../lib/hmac.ts'
import { signCloudCdnText } from '../../../dialects/cloud-cdn/string-to-sign.ts'
import { sha1 } from '../../../lib/sha1.ts'

/** 20 bytes in base64url, with or without padding. */
const MIN_SIGNATURE = 27
const MAX_SIGNATURE = 40
const COOKIE = 'Cloud-CDN-Cookie'

/** Says what is wrong with a request of this dialect. */
export function explainCloudCdn(context: ExplainContext): DialectExplanation {
  const { detection, request } = context
  const time = timeFindings(detection, serverNow(context))
  if (detection.form === 'cookie') {
    const checked = checkCookie(context)
    const prefix = prefixFindings(request, detection.resource)
    return { ...checked, findings: [...time, ...prefix, ...checked.findings] }
  }
  const visible = [...time, ...googleCdnQueryFindings(context, MIN_SIGNATURE), ...alphabet(context)]
  const checked = check(context)
  return { ...checked, findings: [...visible, ...checked.findings] }
}

function alphabet({ request }: ExplainContext): DialectExplanation['findings'] {
  const signature = valuesByName(request.url.parameters).get('signature') ?? ''
  if (!/[+/ ]/.test(signature)) return []
  const facts = { alphabet: 'Cloud CDN wants base64url: - for + and _ for /, with padding.' }
  return [{ code: 'signature-alphabet', confidence: 0.95, facts }]
}

/** The cookie signs what stands before its signature, whatever the URL is. */
function checkCookie(context: ExplainContext): DialectExplanation {
  const cookie = cookiePairs(context.request).find(([name]) => name === COOKIE)?.[1] ?? ''
  const end = cookie.lastIndexOf(':Signature=')
  const keys = keysFor(context.keys, 'cloud-cdn', context.detection.keyId).filter(hasSecret)
  if (end === -1 || keys.length === 0) return { findings: [], signature: 'unchecked' }
  const sent = withoutPadding(cookie.slice(end + 11))
  const computed = keys.map(({ secret = '' }) => signatureOf(secret, cookie.slice(0, end)))
  if (computed.some((expected) => equalText(withoutPadding(expected), sent))) {
    return { findings: [], signature: 'valid', computed }
  }
  return { findings: [{ code: 'key-mismatch', confidence: 0.5 }], signature: 'invalid', computed }
}

function hasSecret({ secret }: ExplainKey): boolean {
  return secret !== undefined && secret !== ''
}

function signatureOf(secret: string, text: string): string {
  return signCloudCdnText(prepareHmacKey(sha1, fromBase64Url(secret) ?? utf8(secret)), text)
}

function withoutPadding(signature: string): string {
  return signature.replace(/=+$/, '')
}

function check(context: ExplainContext): DialectExplanation {
  const signature = valuesByName(context.request.url.parameters).get('signature') ?? ''
  const keys = keysFor(context.keys, 'cloud-cdn', context.detection.keyId)
  const computed: string[] = []
  let result: DialectExplanation = { findings: [], signature: 'unchecked' }
  for (const key of keys) {
    if (key.secret === undefined || signature.length > MAX_SIGNATURE) continue
    const fits = (text: string, secret: string): boolean => {
      const expected = signatureOf(secret, text)
      if (computed.length < 4) computed.push(expected)
      return equalText(withoutPadding(expected), withoutPadding(signature))
    }
    const found = checkGoogleCdnUrl(context, key, { fits, cost: 0 })
    const written = writingFindings(computed.slice(0, 1), signature, 'base64url with padding')
    result =
      written.length > 0
        ? { findings: written, signature: 'invalid', computed }
        : { ...found, computed }
    if (found.signature === 'valid') break
  }
  return result
}
