/**
 * Says why a signed request fails: causes, likeliest first, each with what to change.
 *
 * @module
 */
import type { CauseCode } from './causes.ts'
import type {
  DialectExplanation,
  Dialect,
  ExplainContext,
  ExplainKey as ExplainKeyAs,
  Finding,
  ObservedRequest,
  ObservedResponse,
} from './facts/dialect-facts.ts'
import { resolveNow } from '../lib/timestamp.ts'
import type { DialectName } from './dialects.ts'
import { DIALECTS } from './dialects.ts'
import { observeRequest } from './facts/observe-request.ts'
import type { ExplainableRequest } from './facts/observe-request.ts'
import { collectSecrets } from './facts/collect-secrets.ts'
import { generalFindings } from './rules/general-rules.ts'
import { renderCauses } from './render.ts'
import type { Cause } from './render.ts'
import { repairText } from './rules/text-rules.ts'

export type { Cause } from './render.ts'

export interface Explanation {
  /** `null`: no signature of a known dialect was found. */
  readonly dialect: DialectName | null
  /** `valid`: with one of the keys given, the signature fits the request as it stands. */
  readonly signature: 'valid' | 'invalid' | 'unchecked'
  /** Likeliest first; never empty. */
  readonly causes: readonly Cause[]
}

/** The provider's answer, as far as it is known. */
export interface ExplainableResponse {
  readonly status?: number
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

/** A key to try: see its fields for which dialect reads which. */
export type ExplainKey = ExplainKeyAs<DialectName>

export interface ExplainOptions {
  readonly keys?: readonly ExplainKey[]
  readonly response?: ExplainableResponse
  /** The time of the request; the clock's by default. */
  readonly now?: Date
}

/** Longer URLs are cut: what matters stands in the first part, and no server takes a longer one. */
const MAX_URL = 1024 * 1024

/**
 * Why a signed URL or request fails. Without keys it goes by what can be seen; with keys it also recomputes the
 * signature under each hypothesis. Never throws on any input, shows no secret and no usable URL.
 *
 * @throws {RangeError} if `now` is not a valid date
 */
export function explain(
  input: string | ExplainableRequest,
  options: ExplainOptions = {},
): Explanation {
  const now = resolveNow(options.now)
  const given = typeof input === 'string' ? { url: input } : (input ?? { url: '' })
  const url = typeof given.url === 'string' ? given.url.slice(0, MAX_URL) : ''
  const { text, findings } = repairText(url)
  const request = observeRequest({ ...given, url: text })
  const response = observeResponse(options.response)
  const keys = observeKeys(options.keys)
  const found = recognise(request, { response, keys, now })
  if (found === null) return unrecognised(findings)
  const { context, dialect } = found
  const explanation = dialect.explain(context)
  const all = [...findings, ...generalFindings(context, dialect), ...explanation.findings]
  return {
    dialect: dialect.name,
    signature: explanation.signature,
    causes: renderCauses(
      orNothing(judge(all, context, explanation)),
      collectSecrets(context, explanation),
    ),
  }
}

function recognise(
  request: ObservedRequest,
  rest: Omit<ExplainContext, 'request' | 'detection'>,
): { readonly context: ExplainContext; readonly dialect: Dialect<DialectName> } | null {
  for (const dialect of DIALECTS) {
    const detection = dialect.decode(request)
    if (detection !== null) return { context: { request, detection, ...rest }, dialect }
  }
  return null
}

function unrecognised(findings: readonly Finding[]): Explanation {
  const all = [...findings, { code: 'url-unrecognised', confidence: 0.6 } as const]
  return { dialect: null, signature: 'unchecked', causes: renderCauses(all, []) }
}

const KEY_FIELDS = ['id', 'secret', 'publicKey', 'sessionToken', 'expression'] as const

/** The keys, with everything that is no text left out: keys come from files people write. */
function observeKeys(keys: readonly ExplainKey[] | undefined): ExplainKey[] {
  if (!Array.isArray(keys)) return []
  return (keys as readonly unknown[]).filter(isRecord).map((key) => {
    const texts = KEY_FIELDS.filter((name) => typeof key[name] === 'string')
    const dialect = typeof key['dialect'] === 'string' ? { dialect: key['dialect'] } : {}
    return {
      ...dialect,
      ...Object.fromEntries(texts.map((name) => [name, key[name]])),
    } as ExplainKey
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function observeResponse(response: ExplainableResponse | undefined): ObservedResponse | null {
  if (response === undefined || response === null) return null
  const { status, headers, body } = response
  return {
    status: typeof status === 'number' ? status : null,
    headers: Array.isArray(headers)
      ? headers.filter((pair) => typeof pair?.[0] === 'string' && typeof pair[1] === 'string')
      : [],
    body: typeof body === 'string' ? body : '',
  }
}

/** Causes that may be named although the request was served: they are about what comes after, or advice. */
const MAY_SUCCEED: ReadonlySet<CauseCode> = new Set([
  'cors-headers-missing',
  'cors-etag-not-exposed',
  'content-type-unbound',
  'size-unbound',
  'cache-defeated',
  'url-fetched-by-preview',
  'token-legacy',
])

/** Drops what the provider's answer refutes: a request that was served has none of the faults. */
function judge(
  findings: readonly Finding[],
  { response }: ExplainContext,
  explanation: DialectExplanation,
): readonly Finding[] {
  const status = response?.status ?? null
  const isServed = status !== null && status >= 200 && status < 300
  if (isServed) return findings.filter(({ code }) => MAY_SUCCEED.has(code))
  if (explanation.signature !== 'valid') return findings
  // A parameter that the key shows to be signed was not added by anybody.
  return findings.filter(({ code }) => code !== 'tracker-parameters')
}

const NOTHING_FOUND: Finding = { code: 'nothing-found', confidence: 0.3 }

/** What is less likely than that nothing is wrong comes behind it. */
function orNothing(findings: readonly Finding[]): readonly Finding[] {
  const isSaid = findings.some(({ confidence }) => confidence >= NOTHING_FOUND.confidence)
  return isSaid ? findings : [NOTHING_FOUND, ...findings]
}

const MAX_SHOWN = 5

/** The explanation as plain text for people: causes in order, what to do about each. */
export function formatExplanation(explanation: Explanation): string {
  const lines = [
    explanation.dialect === null ? 'No known signature.' : `Dialect: ${explanation.dialect}`,
    ...(explanation.signature === 'unchecked' ? [] : [`Signature: ${explanation.signature}`]),
  ]
  for (const [index, cause] of explanation.causes.slice(0, MAX_SHOWN).entries()) {
    lines.push(
      '',
      `${index + 1}. ${cause.what}  [${cause.code}, ${Math.round(cause.confidence * 100)} %]`,
      `   Fix: ${cause.fix}`,
      ...(cause.evidence === undefined ? [] : [`   Seen: ${cause.evidence}`]),
    )
  }
  return `${lines.join('\n')}\n`
}
