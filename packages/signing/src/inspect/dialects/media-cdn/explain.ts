/**
 * Why a Media CDN URL, path, cookie or token fails.
 *
 * @module
 */
import { fromBase64Url, utf8 } from '../../../lib/bytes.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { valuesByName } from '../../facts/detection.ts'
import {
  checkGoogleCdnUrl,
  googleCdnQueryFindings,
  prefixFindings,
} from '../../rules/google-cdn-rules.ts'
import { ipFindings } from '../../rules/ip-rules.ts'
import { verificationCost, wildcardCost } from '../../hypotheses/trial-budget.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { matchesWildcard } from '../../../lib/path-scope.ts'
import { preparePublicKey, verifyBytes } from '../../../lib/public-key.ts'

/** 64 bytes in base64url, with or without padding. */
const MIN_SIGNATURE = 86

/** Says what is wrong with a request of this dialect. */
export function explainMediaCdn(context: ExplainContext): DialectExplanation {
  const { detection, request } = context
  const visible = [
    ...timeFindings(detection, serverNow(context)),
    ...ipFindings(detection.audience.ip, request.clientIp),
    ...globFindings(context),
  ]
  const isQuery = valuesByName(request.url.parameters).has('signature')
  if (!isQuery) {
    const findings = [...visible, ...prefixFindings(request, detection.resource)]
    return { findings, signature: 'unchecked' }
  }
  const checked = check(context)
  const query = googleCdnQueryFindings(context, MIN_SIGNATURE)
  return { ...checked, findings: [...visible, ...query, ...checked.findings] }
}

/** `PathGlobs` of a token must match the path. */
function globFindings({ request, detection, budget }: ExplainContext): Finding[] {
  const { scope, text } = detection.resource
  if (scope !== 'prefix' || !text.startsWith('/')) return []
  const path = request.url.path.slice(0, 4096)
  if (!budget.take(wildcardCost(text, path))) return []
  const globs = text.split(/[,!]/, 20)
  if (globs.some((glob) => matchesWildcard(glob, path))) return []
  return [{ code: 'resource-mismatch', confidence: 0.94, facts: { granted: text } }]
}

function check(context: ExplainContext): DialectExplanation {
  const signature = valuesByName(context.request.url.parameters).get('signature') ?? ''
  const bytes = signature.length > 100 ? null : fromBase64Url(signature)
  let result: DialectExplanation = { findings: [], signature: 'unchecked' }
  if (bytes === null) return result
  for (const key of keysFor(context.keys, 'media-cdn', context.detection.keyId)) {
    if (key.publicKey === undefined) continue
    try {
      const prepared = preparePublicKey(key.publicKey, 'publicKey')
      const fits = (text: string): boolean => verifyBytes(prepared, 'sha256', utf8(text), bytes)
      result = checkGoogleCdnUrl(context, key, { fits, cost: verificationCost(bytes) })
    } catch {
      // Keys that cannot be read, and runtimes that verify only asynchronously.
      continue
    }
    if (result.signature === 'valid') break
  }
  return result
}
