/**
 * Checks a CloudFront signature under each hypothesis. Needs the public key, and a runtime that verifies synchronously.
 *
 * @module
 */
import { utf8 } from '../../../lib/bytes.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { verificationCost } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses, urlOf } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { preparePublicKey, verifyBytes } from '../../../lib/public-key.ts'
import type { PreparedPublicKey, SignatureHash } from '../../../lib/public-key.ts'
import { RESERVED_NAMES, fromCloudFrontBase64, readCloudFrontPolicy } from './decode.ts'
import { formatCannedPolicy } from '../../../dialects/cloudfront/string-to-sign.ts'

/** An RSA signature of 8192 bits in base64. */
const MAX_SIGNATURE = 1368
const UNCHECKED: DialectExplanation = { findings: [], signature: 'unchecked' }

/** One signature, and the text it should cover. */
interface Check {
  readonly context: ExplainContext
  readonly bytes: Uint8Array
  readonly hash: SignatureHash
  readonly expires: string
  /** `null`: a canned policy. */
  readonly policy: string | null
}

/** What the signature shows with the keys given; nothing without one. */
export function checkCloudFrontSignature(
  context: ExplainContext,
  values: ReadonlyMap<string, string>,
): DialectExplanation {
  const signature = values.get('signature') ?? ''
  const bytes = signature.length > MAX_SIGNATURE ? null : fromCloudFrontBase64(signature)
  const { keyId } = context.detection
  const keys = keysFor(context.keys, 'cloudfront', keyId)
  if (bytes === null || bytes.length === 0) return UNCHECKED
  const policyText = values.get('policy')
  const policy = policyText === undefined ? null : (readCloudFrontPolicy(policyText)?.json ?? null)
  if (policyText !== undefined && policy === null) return UNCHECKED
  const hash: SignatureHash = values.get('hash-algorithm') === 'SHA256' ? 'sha256' : 'sha1'
  const check = { context, bytes, hash, expires: values.get('expires') ?? '', policy }
  try {
    return checkKeys(check, keys)
  } catch {
    // Keys that cannot be read, and runtimes that verify only asynchronously.
    return UNCHECKED
  }
}

function checkKeys(check: Check, keys: readonly ExplainKey[]): DialectExplanation {
  const usable = keys.filter(({ publicKey }) => publicKey !== undefined)
  if (usable.length === 0) return UNCHECKED
  const { context } = check
  const view = toUrlView(context.request, RESERVED_NAMES)
  for (const key of usable) {
    const prepared = preparePublicKey(key.publicKey ?? '', 'publicKey')
    if (fits(check, prepared, textOf(check, view), check.hash)) {
      return { findings: [], signature: 'valid' }
    }
    const findings = findCause(check, prepared, key, view)
    if (findings.length > 0) return { findings, signature: 'invalid' }
  }
  const other = otherKey(check, view)
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  return { findings: [other ?? mismatch], signature: 'invalid' }
}

function fits(check: Check, key: PreparedPublicKey, text: string, hash: SignatureHash): boolean {
  const cost = text.length + verificationCost(check.bytes)
  return check.context.budget.take(cost) && verifyBytes(key, hash, utf8(text), check.bytes)
}

function textOf({ policy, expires }: Check, view: UrlView): string {
  return policy ?? formatCannedPolicy(urlOf(view), Number(expires) || 0)
}

function findCause(
  check: Check,
  prepared: PreparedPublicKey,
  key: ExplainKey,
  view: UrlView,
): Finding[] {
  const other: SignatureHash = check.hash === 'sha1' ? 'sha256' : 'sha1'
  if (fits(check, prepared, textOf(check, view), other)) {
    const names = { sha1: 'SHA-1', sha256: 'SHA-256' }
    const facts = { signed: names[other], announced: names[check.hash] }
    return [{ code: 'hash-algorithm-mismatch', confidence: 0.98, facts }]
  }
  if (check.policy !== null) return []
  for (const text of otherSpellings(textOf(check, view))) {
    if (fits(check, prepared, text, check.hash)) {
      return [{ code: 'policy-not-canonical', confidence: 0.98 }]
    }
  }
  if (
    wildcardResources(view).some((text) => fits(check, prepared, canned(check, text), check.hash))
  ) {
    const granted =
      'a text with a wildcard, which only a custom policy (Policy=, not Expires=) can have'
    return [{ code: 'resource-mismatch', confidence: 0.98, facts: { granted } }]
  }
  const { request, keys, budget } = check.context
  return searchHypotheses({
    view,
    hypotheses: urlHypotheses({ request, key, keys, hasOrigin: true, hasQuery: true }),
    fits: (changed) => fits(check, prepared, textOf(check, changed), check.hash),
    cost: urlOf(view).length + verificationCost(check.bytes),
    budget,
  })
}

function canned({ expires }: Check, resource: string): string {
  return formatCannedPolicy(resource, Number(expires) || 0)
}

/** What was signed where a prefix was meant: the URL's beginnings with a star. */
function wildcardResources({ scheme, host, path }: UrlView): string[] {
  const found: string[] = ['*', '/*', `${scheme}://*`, `http*://${host}/*`]
  for (const origin of [`https://${host}`, `http://${host}`, '']) {
    let end = path.lastIndexOf('/')
    for (let count = 0; end >= 0 && count < 8; count += 1) {
      found.push(`${origin}${path.slice(0, end)}/*`)
      if (end === 0) break
      end = path.lastIndexOf('/', end - 1)
    }
    found.push(`${origin}${path}*`)
  }
  return found
}

/** The canned policy as JSON libraries like to write it. */
function* otherSpellings(text: string): Generator<string> {
  const parsed: unknown = JSON.parse(text)
  yield `${text}\n`
  yield JSON.stringify(parsed, null, 2)
  yield JSON.stringify(parsed, null, 4)
  // Python's json.dumps puts a blank after colons and commas.
  yield text.replaceAll('":', '": ')
  yield text.replaceAll('":', '": ').replaceAll(',"', ', "')
  yield text.replaceAll('/', '\\/')
}

function otherKey(check: Check, view: UrlView): Finding | null {
  for (const { publicKey, id } of check.context.keys.slice(0, 20)) {
    if (publicKey === undefined) continue
    const prepared = preparePublicKey(publicKey, 'publicKey')
    if (fits(check, prepared, textOf(check, view), check.hash)) {
      return { code: 'secret-other-key', confidence: 0.97, facts: { keyId: id ?? 'without id' } }
    }
  }
  return null
}
