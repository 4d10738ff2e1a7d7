/**
 * Recomputes the signature of an S3 URL under each hypothesis, and reads the canonical request a provider printed.
 *
 * @module
 */
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import { S3_SCHEME } from '../../../dialects/s3/params.ts'
import { parseV4Credential } from '../../../lib/v4.ts'
import { deriveV4KeyBytes } from '../../../lib/v4-key-chain.ts'
import type { V4Credential } from '../../../lib/v4.ts'
import { equalText } from '../../../lib/constant-time.ts'
import { hmacHex, prepareHmacKey } from '../../../lib/hmac.ts'
import { valuesByName } from '../../facts/detection.ts'
import { diffCanonicalRequest } from '../../hypotheses/canonical-diff.ts'
import { writingFindings } from '../../hypotheses/mac-writing.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { saysSignatureAccepted } from '../../rules/provider-error.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { v4Hypotheses } from '../../hypotheses/v4-hypotheses.ts'
import {
  canonicalPath,
  canonicalRequestOf,
  observedHeaders,
  observedQuery,
  stringToSignOf,
} from '../../hypotheses/v4-view.ts'
import type { V4View } from '../../hypotheses/v4-view.ts'
import { bucketOfHost } from './observed-operation.ts'
import { sha256 } from '../../../lib/sha256.ts'

const DERIVED_KEYS = 64

/** The text of an authentication, wherever it stood. */
export interface S3Authentication {
  readonly algorithm: string
  readonly credential: string
  readonly timestamp: string
  readonly signedHeaders: string
  readonly signature: string
  readonly payloadHash: string
}

/** What the signature in the query shows: with a key by computing, without by what the provider printed. */
export function checkS3Query(
  context: ExplainContext,
  error: ProviderError | null,
): DialectExplanation {
  const values = valuesByName(context.request.url.parameters)
  const headers = observedHeaders(context.request)
  return checkS3Signature(context, error, {
    algorithm: values.get('x-amz-algorithm') ?? '',
    credential: values.get('x-amz-credential') ?? '',
    timestamp: values.get('x-amz-date') ?? '',
    signedHeaders: values.get('x-amz-signedheaders') ?? 'host',
    signature: values.get('x-amz-signature') ?? '',
    payloadHash: headers.get('x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  })
}

/** The same for an authentication found anywhere. */
export function checkS3Signature(
  context: ExplainContext,
  error: ProviderError | null,
  authentication: S3Authentication,
): DialectExplanation {
  const credential = parseV4Credential(authentication.credential)
  if (credential === null) return { findings: [], signature: 'unchecked' }
  const view = toView(context, authentication, credential)
  const printed = error?.elements.get('CanonicalRequest') ?? null
  const differences =
    printed === null ? [] : diffCanonicalRequest(view, printed, context.request.headersKnown)
  const checked = checkKeys(context, view, credential, authentication.signature)
  const seen = [...differences, ...guessUnseen(error, view, differences)]
  if (checked === null) return { findings: seen, signature: 'unchecked' }
  const { findings } = checked
  if (checked.signature === 'unchecked') {
    return { ...checked, findings: [...findings, ...seen] }
  }
  if (checked.signature === 'valid') {
    return { ...checked, findings: [...differences, ...acceptedFindings(error)] }
  }
  if (findings.length > 0 || checked.computed === undefined) return checked
  // Signed headers nobody told cannot be recomputed: then a mismatch says nothing.
  if (!context.request.headersKnown && view.signedHeaders.length > 1) {
    return { ...checked, findings: differences, signature: 'unchecked' }
  }
  return { ...checked, findings: [...differences, mismatch(), ...guessHeaders(view)] }
}

/** What the request shows in other places too, or what did not come at all: nobody changed its value unseen. */
const SHOWN_OTHERWISE = new Set(['host', 'x-amz-date', 'x-amz-content-sha256'])

/** Nobody computed anything: the provider's answer, and what the URL says is signed, are all there is. */
function guessUnseen(
  error: ProviderError | null,
  view: V4View,
  differences: readonly Finding[],
): Finding[] {
  if (error?.code !== 'SignatureDoesNotMatch' || differences.length > 0) return []
  return guessHeaders(view)
}

/** A signed header whose right value is in no list may be the reason too. */
function guessHeaders({ signedHeaders, headers }: V4View): Finding[] {
  const names = signedHeaders
    .filter((name) => !SHOWN_OTHERWISE.has(name) && headers.has(name))
    .join(', ')
  if (names === '') return []
  return [{ code: 'header-changed', confidence: 0.45, facts: { names: names.slice(0, 200) } }]
}

function mismatch(): Finding {
  return { code: 'key-mismatch', confidence: 0.5 }
}

/** The signature is right and the provider still refuses: then it is about rights. */
function acceptedFindings(error: ProviderError | null): Finding[] {
  if (error === null || saysSignatureAccepted(error)) return []
  const isDenied =
    error.code === 'AccessDenied' && !/expired|not yet valid|not signed/i.test(error.message)
  return isDenied ? [{ code: 'signer-not-allowed', confidence: 0.9 }] : []
}

function toView(
  { request }: ExplainContext,
  authentication: S3Authentication,
  { scope }: V4Credential,
): V4View {
  const { algorithm, timestamp, payloadHash, signedHeaders } = authentication
  return {
    method: request.method ?? '',
    path: canonicalPath(request.url.path),
    query: observedQuery(request, 'X-Amz-Signature'),
    headers: observedHeaders(request),
    signedHeaders: signedHeaders.toLowerCase().split(';').slice(0, 200),
    payloadHash,
    algorithm,
    timestamp,
    scope,
    secret: '',
  }
}

function checkKeys(
  context: ExplainContext,
  view: V4View,
  credential: V4Credential,
  signature: string,
): DialectExplanation | null {
  const keys = keysFor(context.keys, 's3', credential.keyId).filter(hasSecret)
  if (view.algorithm !== 'AWS4-HMAC-SHA256') return null
  if (keys.length === 0) {
    return context.keys.length === 0
      ? null
      : { findings: [unlisted(credential)], signature: 'unchecked' }
  }
  const computed: string[] = []
  const cost = canonicalRequestOf(view).length
  const test = createTest(signature.toLowerCase(), computed)
  const fits = withinBudget(context.budget, cost, test)
  const wanted = 'lower-case hex'
  // What cannot be a signature is one under no hypothesis; the structural rules have said so.
  if (!/^[0-9a-f]{64}$/i.test(signature)) {
    for (const key of keys) fits({ ...view, secret: key.secret })
    const findings = writingFindings(computed, signature, wanted)
    return { findings, signature: 'invalid', computed }
  }
  for (const key of keys) {
    if (fits({ ...view, secret: key.secret }) || isUnknownMethod(view, key, fits)) {
      return { findings: [], signature: 'valid', computed }
    }
  }
  const written = writingFindings(computed, signature.toLowerCase(), wanted)
  if (written.length > 0) return { findings: written, signature: 'invalid', computed }
  return { ...searchKeys(context, view, keys, fits), computed }
}

function searchKeys(
  context: ExplainContext,
  view: V4View,
  keys: readonly UsableKey[],
  fits: (view: V4View) => boolean,
): DialectExplanation {
  const findings: Finding[] = []
  for (const key of keys) {
    findings.push(...searchFor(context, { ...view, secret: key.secret }, key, fits))
    if (findings.length > 0) break
  }
  if (!context.request.headersKnown && findings.every(isAboutHeaders) && findings.length > 0) {
    return { findings: [], signature: 'valid' }
  }
  return { findings, signature: 'invalid' }
}

/** Of a URL alone no header is known: one that makes the signature fit is no fault. */
function isAboutHeaders({ code }: Finding): boolean {
  return code === 'header-missing' || code === 'header-changed'
}

/** Keys were given, and none of them is the one that signed. */
function unlisted({ keyId }: V4Credential): Finding {
  return { code: 'key-not-given', confidence: 0.6, facts: { keyId } }
}

/** Only a URL was given: whichever method fits was the one meant. */
function isUnknownMethod(view: V4View, key: UsableKey, fits: (view: V4View) => boolean): boolean {
  if (view.method !== '') return false
  return ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].some((method) =>
    fits({ ...view, method, secret: key.secret }),
  )
}

type UsableKey = ExplainKey & { readonly secret: string }

function hasSecret(key: ExplainKey): key is UsableKey {
  return typeof key.secret === 'string' && key.secret !== ''
}

/** A test that keeps the first signatures it computes, so that the caller can keep them out of its output. */
function createTest(signature: string, computed: string[]): (view: V4View) => boolean {
  const derived = new Map<string, ReturnType<typeof prepareHmacKey>>()
  return (view) => {
    const scheme = view.layout?.hasBareSecret === true ? { ...S3_SCHEME, keyPrefix: '' } : S3_SCHEME
    const id = `${scheme.keyPrefix}\n${view.scope.region}\n${view.scope.service}\n${view.secret}`
    let key = derived.get(id)
    if (key === undefined) {
      key = prepareHmacKey(sha256, deriveV4KeyBytes(scheme, view.secret, view.scope))
      if (derived.size < DERIVED_KEYS) derived.set(id, key)
    }
    const expected = hmacHex(key, stringToSignOf(view))
    if (computed.length < 4) computed.push(expected)
    return equalText(expected, signature)
  }
}

function searchFor(
  context: ExplainContext,
  view: V4View,
  key: ExplainKey,
  fits: (view: V4View) => boolean,
): Finding[] {
  const evidence = {
    request: context.request,
    key,
    keys: context.keys,
    headerPrefix: 'x-amz-',
    bucketOfHost,
    lostParameters: LOST_PARAMETERS,
  }
  // Without a method the likeliest stands in, so that one change can still explain the rest.
  const method = view.method === '' ? (context.detection.methods[0] ?? 'GET') : view.method
  const start = { ...view, method }
  return searchHypotheses({
    view: start,
    hypotheses: v4Hypotheses(evidence),
    fits,
    cost: canonicalRequestOf(start).length,
    budget: context.budget,
  })
}

/** Parameters the AWS SDKs add and caches or proxies drop. */
const LOST_PARAMETERS: readonly (readonly [string, string])[] = [
  ['x-id', 'GetObject'],
  ['x-id', 'PutObject'],
  ['x-id', 'HeadObject'],
  ['x-id', 'DeleteObject'],
  ['x-amz-checksum-mode', 'ENABLED'],
  ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'],
  ['x-amz-sdk-checksum-algorithm', 'CRC32'],
  ['x-amz-checksum-crc32', 'AAAAAA=='],
]
