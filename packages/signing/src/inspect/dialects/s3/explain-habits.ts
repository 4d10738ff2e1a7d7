/**
 * Habits of SDKs, stores and clients that break S3 URLs, recognised without a key.
 *
 * @module
 */
import type { ExplainContext, Finding, ObservedRequest } from '../../facts/dialect-facts.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { saysSignatureMismatch } from '../../rules/provider-error.ts'
import { spellingFindings } from '../../rules/spelling-rules.ts'
import { fromBase64Url } from '../../../lib/bytes.ts'
import { headerValue, parseEpochSeconds, valuesByName } from '../../facts/detection.ts'
import { iso } from '../../rules/time-rules.ts'

/** The checksum of nothing, by parameter. */
const EMPTY_CHECKSUMS: Readonly<Record<string, string>> = {
  'x-amz-checksum-crc32': 'AAAAAA==',
  'x-amz-checksum-crc32c': 'AAAAAA==',
  'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=',
  'x-amz-checksum-sha1': '2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
  'x-amz-checksum-sha256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
}
const CHECKSUM_ANSWERS =
  /^(BadDigest|InvalidDigest|XAmzContentChecksumMismatch|NotImplemented|InvalidRequest)/
const MAX_SINGLE_PUT = 5 * 1024 ** 3

/** Findings from the habits known; the provider's answer makes them surer. */
export function s3HabitFindings(context: ExplainContext, error: ProviderError | null): Finding[] {
  const values = valuesByName(context.request.url.parameters)
  return [
    ...emptyChecksum(context, values, error),
    ...checksumMode(context, values, error),
    ...tokenFindings(values),
    ...sessionFindings(context, values),
    ...hostRegionFindings(context.request, values.get('x-amz-credential') ?? ''),
    ...sizeFindings(context),
    ...uploadFindings(context),
    ...cacheFindings(context, error),
    ...spellingFindings(context.request.url, saysSignatureMismatch(error) ? 0.15 : 0),
  ]
}

function emptyChecksum(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
  error: ProviderError | null,
): Finding[] {
  const found = Object.entries(EMPTY_CHECKSUMS).find(
    ([name, value]) => values.get(name)?.replaceAll(' ', '+') === value,
  )
  if (found === undefined) return []
  const length = Number(headerValue(request, 'content-length') ?? request.body?.length ?? 0)
  const isComplaint = error !== null && (CHECKSUM_ANSWERS.test(error.code) || error.status === 501)
  const confidence = isComplaint ? 0.97 : length > 0 && error === null ? 0.9 : 0.6
  return [{ code: 'empty-body-checksum', confidence, evidence: `${found[0]}=${found[1]}` }]
}

function checksumMode(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
  error: ProviderError | null,
): Finding[] {
  if (!values.has('x-amz-checksum-mode')) return []
  if (/\.amazonaws\.com(\.cn)?$/i.test(request.url.host)) return []
  const isRefused = error?.status === 501 || error?.code === 'NotImplemented'
  const isForbidden = error?.status === 403 || error?.status === 400
  const confidence = isRefused ? 0.95 : isForbidden ? 0.72 : 0.5
  return [{ code: 'checksum-mode-signed', confidence }]
}

function tokenFindings(values: ReadonlyMap<string, string>): Finding[] {
  const token = values.get('x-amz-security-token')
  if (token !== undefined) {
    // Tokens are base64: a blank in one was a plus, a percent sign an escape too many.
    if (token.includes(' ')) return [{ code: 'session-token-changed', confidence: 0.93 }]
    if (/%[0-9A-F]{2}/i.test(token)) return [{ code: 'session-token-changed', confidence: 0.6 }]
    return []
  }
  if (values.get('x-amz-credential')?.startsWith('ASIA') !== true) return []
  const facts = { parameter: 'X-Amz-Security-Token' }
  return [{ code: 'session-token-missing', confidence: 0.95, facts }]
}

const HOUR = 3_600_000
/** Roles last 12 hours at most, federation tokens 36: beyond that a session has surely ended. */
const SESSION_LIVES: readonly (readonly [hours: number, confidence: number])[] = [
  [36, 0.95],
  [12, 0.8],
  [1, 0.45],
]

/** A session that has ended, by what its token says (MinIO's are JWTs) or by how long sessions can last. */
function sessionFindings(
  { detection, now }: ExplainContext,
  values: ReadonlyMap<string, string>,
): Finding[] {
  const token = values.get('x-amz-security-token')
  if (token === undefined) return []
  const endsAt = readTokenEnd(token)
  if (endsAt !== null) {
    const evidence = `the token ends at ${iso(endsAt)}`
    return endsAt < now ? [{ code: 'session-token-ended', confidence: 0.985, evidence }] : []
  }
  const { startsAt, expiresAt } = detection
  if (startsAt === null || expiresAt === null || expiresAt < now) return []
  const age = (now.getTime() - startsAt.getTime()) / HOUR
  const confidence = SESSION_LIVES.find(([hours]) => age > hours)?.[1]
  if (confidence === undefined) return []
  const evidence = `signed ${Math.floor(age)} h ago with temporary credentials`
  return [{ code: 'session-token-ended', confidence, evidence }]
}

/** The `exp` of a token that is a JWT, or `null`. */
function readTokenEnd(token: string): Date | null {
  const payload = /^[A-Za-z0-9\-_]{1,2000}\.([A-Za-z0-9\-_]{1,8000})\.[A-Za-z0-9\-_]{0,2000}$/.exec(
    token,
  )?.[1]
  const bytes = payload === undefined ? null : fromBase64Url(payload)
  if (bytes === null) return null
  const seconds = /"exp"\s{0,5}:\s{0,5}(\d{1,12})\b/.exec(new TextDecoder().decode(bytes))?.[1]
  return parseEpochSeconds(seconds)
}

const REGION_OF_HOST =
  /(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]{2,9}){1,3}-\d)\.amazonaws\.com/i

/** The region a host names must be the one of the scope. */
export function hostRegionFindings(request: ObservedRequest, credential: string): Finding[] {
  const expected = REGION_OF_HOST.exec(request.url.host)?.[1]?.toLowerCase()
  const parts = credential.split('/')
  const actual = parts.length === 5 ? parts[2] : undefined
  if (expected === undefined || actual === undefined || actual === expected) return []
  const facts = { actual: actual.slice(0, 40), expected }
  return [{ code: 'region-wrong', confidence: 0.94, facts, evidence: 'the host names its region' }]
}

function sizeFindings({ request }: ExplainContext): Finding[] {
  if (request.method !== 'PUT') return []
  const length = Number(headerValue(request, 'content-length') ?? 0)
  if (!(length > MAX_SINGLE_PUT)) return []
  return [{ code: 'entity-too-large', confidence: 0.94, evidence: `${length} bytes` }]
}

/** Advice on uploads that work: nothing bounds what is uploaded. */
function uploadFindings({ request, detection }: ExplainContext): Finding[] {
  const isUpload = request.method === 'PUT' || detection.methods.includes('PUT')
  if (!isUpload) return []
  const findings: Finding[] = []
  if (!detection.signedHeaders.includes('content-type')) {
    findings.push({ code: 'content-type-unbound', confidence: 0.35 })
  }
  if (!detection.signedHeaders.includes('content-length')) {
    findings.push({ code: 'size-unbound', confidence: 0.3 })
  }
  return findings
}

/** Advice on downloads that work: a page that shows an image again signs it anew. */
function cacheFindings(
  { request, detection }: ExplainContext,
  error: ProviderError | null,
): Finding[] {
  const isImage = /^(image|video|audio|font)$/i.test(headerValue(request, 'sec-fetch-dest') ?? '')
  const isServed = error?.status === 200 || error?.status === 206
  if (!isImage || !isServed || detection.startsAt === null) return []
  if (detection.startsAt.getTime() % 60_000 === 0) return []
  return [{ code: 'cache-defeated', confidence: 0.4 }]
}
