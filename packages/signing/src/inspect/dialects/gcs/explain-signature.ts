/**
 * Recomputes or verifies a Cloud Storage signature under each hypothesis.
 *
 * @module
 */
import { fromHex, utf8 } from '../../../lib/bytes.ts'
import { equalText } from '../../../lib/constant-time.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import { valuesByName } from '../../facts/detection.ts'
import { diffCanonicalRequest } from '../../hypotheses/canonical-diff.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { withWriting } from '../../hypotheses/mac-writing.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { verificationCost, withinBudget } from '../../hypotheses/trial-budget.ts'
import { v4Hypotheses } from '../../hypotheses/v4-hypotheses.ts'
import {
  canonicalPath,
  canonicalRequestOf,
  observedHeaders,
  observedQuery,
  stringToSignOf,
} from '../../hypotheses/v4-view.ts'
import type { V4View } from '../../hypotheses/v4-view.ts'
import { hmacHex, prepareHmacKey } from '../../../lib/hmac.ts'
import { preparePublicKey, verifyBytes } from '../../../lib/public-key.ts'
import { GCS_SCHEME } from '../../../dialects/gcs/params.ts'
import { parseV4Credential } from '../../../lib/v4.ts'
import { deriveV4KeyBytes } from '../../../lib/v4-key-chain.ts'
import type { V4Credential } from '../../../lib/v4.ts'
import { sha256 } from '../../../lib/sha256.ts'

/** Hex digits of an RSA signature of 8192 bits. */
const MAX_SIGNATURE = 2048
const UNCHECKED: DialectExplanation = { findings: [], signature: 'unchecked' }

/** What the signature shows: with a key by computing, without by what the provider printed. */
export function checkGcsSignature(
  context: ExplainContext,
  error: ProviderError | null,
): DialectExplanation {
  const values = valuesByName(context.request.url.parameters)
  const credential = parseV4Credential(values.get('x-goog-credential') ?? '')
  if (credential === null) return UNCHECKED
  const view = toView(context, values, credential)
  const printed = error?.elements.get('CanonicalRequest') ?? null
  const differences =
    printed === null ? [] : diffCanonicalRequest(view, printed, context.request.headersKnown)
  try {
    const checked = checkKeys(context, view, credential.keyId, values.get('x-goog-signature') ?? '')
    return { ...checked, findings: [...checked.findings, ...differences] }
  } catch {
    // Keys that cannot be read, and runtimes that verify only asynchronously.
    return { findings: differences, signature: 'unchecked' }
  }
}

/** The signed `host` never has a port here, whatever was sent. */
function toView(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
  { scope }: V4Credential,
): V4View {
  const headers = observedHeaders(request)
  headers.set('host', (headers.get('host') ?? '').replace(/:\d{1,5}$/, ''))
  const signedHeaders = values.get('x-goog-signedheaders') ?? 'host'
  return {
    method: request.method ?? '',
    path: canonicalPath(request.url.path),
    query: observedQuery(request, 'X-Goog-Signature'),
    headers,
    signedHeaders: signedHeaders.toLowerCase().split(';').slice(0, 200),
    payloadHash: headers.get('x-goog-content-sha256') ?? 'UNSIGNED-PAYLOAD',
    algorithm: values.get('x-goog-algorithm') ?? '',
    timestamp: values.get('x-goog-date') ?? '',
    scope,
    secret: '',
  }
}

/** A comparison with the signature, and what it costs beside the bytes of the request. */
interface Test {
  readonly fits: (view: V4View) => boolean
  readonly cost: number
}

function checkKeys(
  context: ExplainContext,
  view: V4View,
  keyId: string,
  signature: string,
): DialectExplanation {
  const computed: string[] = []
  const findings: Finding[] = []
  let isChecked = false
  for (const key of keysFor(context.keys, 'gcs', keyId)) {
    const test = createTest(view.algorithm, key, signature, computed)
    if (test === null) continue
    isChecked = true
    const cost = canonicalRequestOf(view).length + test.cost
    const fits = withinBudget(context.budget, cost, test.fits)
    const start = { ...view, secret: key.secret ?? '' }
    if (withMethods(start).some(fits)) return { findings: [], signature: 'valid', computed }
    if (findings.length === 0) findings.push(...searchFor(context, start, key, { fits, cost }))
  }
  if (!isChecked) return UNCHECKED
  if (findings.length > 0) return { findings, signature: 'invalid', computed }
  if (!context.request.headersKnown && view.signedHeaders.length > 1) return UNCHECKED
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  const found = {
    findings: [...ownHost(view), mismatch],
    signature: 'invalid',
    computed,
  } as const
  return withWriting(found, signature.toLowerCase(), 'lower-case hex')
}

/** An own name in front of a bucket that has another: which bucket was signed cannot be seen. */
function ownHost({ headers }: V4View): Finding[] {
  const sent = headers.get('host') ?? ''
  if (/\.(?:googleapis|google)\.com$/i.test(sent)) return []
  const facts = { signed: 'storage.googleapis.com, or for one of its buckets', sent }
  return [{ code: 'host-changed', confidence: 0.52, facts }]
}

/** Only a URL was given: any method may have been meant. */
function withMethods(view: V4View): V4View[] {
  if (view.method !== '') return [view]
  return ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].map((method) => ({ ...view, method }))
}

function createTest(
  algorithm: string,
  key: ExplainKey,
  signature: string,
  computed: string[],
): Test | null {
  if (algorithm === 'GOOG4-HMAC-SHA256' && key.secret !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(signature)) return null
    const sent = signature.toLowerCase()
    const fits = (view: V4View): boolean => {
      const prepared = prepareHmacKey(sha256, deriveV4KeyBytes(GCS_SCHEME, view.secret, view.scope))
      const expected = hmacHex(prepared, stringToSignOf(view))
      if (computed.length < 4) computed.push(expected)
      return equalText(expected, sent)
    }
    return { fits, cost: 0 }
  }
  if (signature.length > MAX_SIGNATURE) return null
  const bytes = fromHex(signature)
  if (algorithm !== 'GOOG4-RSA-SHA256' || key.publicKey === undefined || bytes === null) return null
  const prepared = preparePublicKey(key.publicKey, 'publicKey')
  return {
    fits: (view) => verifyBytes(prepared, 'sha256', utf8(stringToSignOf(view)), bytes),
    cost: verificationCost(bytes),
  }
}

function searchFor(
  context: ExplainContext,
  view: V4View,
  key: ExplainKey,
  { fits, cost }: Test,
): Finding[] {
  const method = view.method === '' ? 'GET' : view.method
  const start = { ...view, method }
  return searchHypotheses({
    view: start,
    hypotheses: v4Hypotheses({
      request: context.request,
      key,
      keys: context.keys,
      headerPrefix: 'x-goog-',
      bucketOfHost: (host) => /^(.{1,222})\.storage\.googleapis\.com$/i.exec(host)?.[1] ?? null,
      lostParameters: [],
    }),
    fits,
    cost,
    budget: context.budget,
  })
}
