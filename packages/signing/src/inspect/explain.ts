/**
 * Says why a signed request fails: causes, likeliest first, each with what to change.
 *
 * @module
 */
import type { CauseCode } from './causes.ts'
import type {
  Dialect,
  ExplainContext,
  ExplainKey as ExplainKeyAs,
  Finding,
  ObservedRequest,
  ObservedResponse,
} from './facts/dialect-facts.ts'
import type { OptionTable } from '../lib/known-options.ts'
import { checkOptions, LIST, NUMBER, OBJECT } from '../lib/known-options.ts'
import { resolveNow } from '../lib/timestamp.ts'
import type { DialectName } from './dialects.ts'
import { DIALECTS } from './dialects.ts'
import { explainerOf, isVerifiable } from './judges.ts'
import { readCurlCommand } from './facts/curl-command.ts'
import { observeRequest } from './facts/observe-request.ts'
import type { ExplainableRequest } from './facts/observe-request.ts'
import { collectSecrets } from './facts/collect-secrets.ts'
import { answerFindings, isBareRefusal } from './answers/known-answers.ts'
import { createTrialBudget } from './hypotheses/trial-budget.ts'
import { generalFindings } from './rules/general-rules.ts'
import { keyKindFindings, keySwapFindings } from './rules/key-rules.ts'
import { renderCauses } from './render.ts'
import type { Cause } from './render.ts'
import { repairText } from './rules/text-rules.ts'
import { reconcile } from './verify/reconcile.ts'
import type { SignatureState } from './verify/reconcile.ts'
import { judgeRequest } from './verify/verdict.ts'

export type { Cause } from './render.ts'

export interface Explanation {
  /** `null`: no signature of a known dialect was found. */
  readonly dialect: DialectName | null
  /**
   * `valid`: with the keys given, `verify` takes the request as it stands. `refused`: the signature fits a key, and the
   * request is refused all the same, by its time, its headers or what the signature grants. `invalid`: the signature
   * fits no key given. `unchecked`: no key for it was given, or this runtime cannot check it synchronously.
   */
  readonly signature: SignatureState
  /** Why the request fails, likeliest first; never empty. */
  readonly causes: readonly Cause[]
  /** What would be better although it keeps no request from working: none of it is a reason of the failure. */
  readonly advice: readonly Cause[]
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
  /** Signatures computed at most, 12,000 by default: for whoever has other work to do meanwhile. */
  readonly maxTrials?: number
}

const KNOWN: OptionTable<ExplainOptions> = {
  keys: LIST,
  response: OBJECT,
  now: true,
  maxTrials: NUMBER,
}

/** Longer URLs are cut: what matters stands in the first part, and no server takes a longer one. */
const MAX_URL = 1024 * 1024

/**
 * Why a signed URL or request fails. Without keys it goes by what can be seen; with keys it also recomputes the
 * signature under each hypothesis. Never throws on any input, shows no secret and no usable URL.
 *
 * @throws {TypeError} naming an option that is not known, or not of its type
 * @throws {RangeError} if `now` is not a valid date, or `maxTrials` no positive number
 */
export function explain(
  input: string | ExplainableRequest,
  options: ExplainOptions = {},
): Explanation {
  checkOptions(options, KNOWN)
  const now = resolveNow(options.now)
  const budget = createTrialBudget(requireTrials(options.maxTrials))
  const given = withCommand(typeof input === 'string' ? { url: input } : (input ?? { url: '' }))
  const url = typeof given.url === 'string' ? given.url.slice(0, MAX_URL) : ''
  const { text, findings } = repairText(url)
  const request = observeRequest({ ...given, url: text })
  const response = observeResponse(options.response)
  const keys = observeKeys(options.keys)
  const found = recognise(request, { response, keys, now, budget })
  if (found === null) return unrecognised(findings)
  const { context, dialect } = found
  const explanation = explainerOf(dialect)(context)
  const said = [
    ...findings,
    ...generalFindings(context, dialect),
    ...keyKindFindings(context, dialect.name),
    ...withSwap(keySwapFindings(context, dialect.name), explanation.findings),
  ]
  const all = [...said, ...answerFindings(context, dialect.name, said)]
  const verdict = judgeRequest(url, context, { ...context.detection, dialect: dialect.name })
  const agreed = reconcile(verdict, all, explanation.signature)
  const secrets = collectSecrets(context, explanation)
  const judged = judge(agreed.findings, context, agreed.signature)
  const wanted = wantedOf(context, dialect.name, agreed.signature)
  return {
    dialect: dialect.name,
    signature: agreed.signature,
    causes: renderCauses(
      orNothing(judged.filter((finding) => !isAdvice(finding))).map(withWanted(wanted)),
      secrets,
    ),
    advice: renderCauses(judged.filter(isAdvice), secrets),
  }
}

function requireTrials(maxTrials: number | undefined): number | undefined {
  if (maxTrials === undefined || maxTrials > 0) return maxTrials
  throw new RangeError('maxTrials must be a positive number')
}

/** A command line of curl in the place of the URL says how it was sent as well; what is given beside it comes before. */
function withCommand(given: ExplainableRequest): ExplainableRequest {
  const command = typeof given.url === 'string' ? readCurlCommand(given.url) : null
  if (command === null) return given
  const { url, headers = [], ...rest } = command
  const own = Array.isArray(given.headers) ? given.headers : []
  return { ...rest, ...given, url, headers: [...headers, ...own] }
}

/** Who swapped id and secret of a key did give it. */
function withSwap(swap: readonly Finding[], findings: readonly Finding[]): readonly Finding[] {
  if (swap.length === 0) return findings
  return [...swap, ...findings.filter(({ code }) => code !== 'key-not-given')]
}

function recognise(
  request: ObservedRequest,
  rest: Omit<ExplainContext, 'request' | 'detection'>,
): { readonly context: ExplainContext; readonly dialect: Dialect<DialectName> } | null {
  for (const dialect of DIALECTS) {
    const detection = dialect.decode(request)
    if (detection === null) continue
    return { context: { request, detection, ...rest }, dialect }
  }
  return null
}

function unrecognised(findings: readonly Finding[]): Explanation {
  const all = [...findings, { code: 'url-unrecognised', confidence: 0.6 } as const]
  return { dialect: null, signature: 'unchecked', causes: renderCauses(all, []), advice: [] }
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
  if (response === undefined) return null
  const { status, headers, body } = response
  return {
    status: typeof status === 'number' ? status : null,
    headers: Array.isArray(headers)
      ? headers.filter((pair) => typeof pair?.[0] === 'string' && typeof pair[1] === 'string')
      : [],
    body: typeof body === 'string' ? body : '',
  }
}

/** What keeps no request from being served. */
const ADVICE: ReadonlySet<CauseCode> = new Set([
  'content-type-unbound',
  'size-unbound',
  'cache-defeated',
  'no-end',
])

function isAdvice({ code }: Finding): boolean {
  return ADVICE.has(code)
}

/** What could still be given, and would tell more: nobody is asked for what was given. */
function wantedOf(
  { request, response, keys, detection }: ExplainContext,
  dialect: DialectName,
  signature: SignatureState,
): Readonly<Record<'nothing-found' | 'signature-mismatch', string | null>> {
  const missing = [
    ...(request.method === null ? ['the method'] : []),
    ...(request.headersKnown ? [] : ['the headers that were sent']),
    ...(response === null ? ['the answer of the provider'] : []),
    ...(keys.length === 0 && isVerifiable(dialect) ? ['the key'] : []),
  ]
  const isUnused = keys.length > 0 && signature === 'unchecked' && isVerifiable(dialect)
  const key = `${detection.keyId === null ? `a key for ${dialect}` : `the key ${detection.keyId}`}: none of those given could check it`
  const wanted = isUnused ? [...missing, key] : missing
  return {
    'nothing-found':
      wanted.length === 0
        ? 'Everything explain reads was given. Send the request again and compare, byte for byte, what the client sends with what was signed; then look at what the provider keeps: its clock, policies and networks.'
        : `Give explain what it was not given: ${wanted.join(', ')}.`,
    'signature-mismatch': !isVerifiable(dialect)
      ? 'Signatures of this scheme are not computed here: compare the text that was signed with the documentation of the provider, line by line.'
      : isUnused
        ? 'The keys given could not check it: compare the request with what was signed, line by line, and give the key of the id that the request names.'
        : null,
  }
}

function withWanted(wanted: ReturnType<typeof wantedOf>): (finding: Finding) => Finding {
  return (finding) => {
    const { code, facts } = finding
    if (code !== 'nothing-found' && code !== 'signature-mismatch') return finding
    const text = wanted[code]
    return text === null ? finding : { ...finding, facts: { ...facts, wanted: text } }
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
  context: ExplainContext,
  signature: SignatureState,
): readonly Finding[] {
  const status = context.response?.status ?? null
  const isServed = status !== null && status >= 200 && status < 300
  if (isServed) return findings.filter(({ code }) => MAY_SUCCEED.has(code))
  // Whoever gave the key is not told to give it.
  const told = findings.filter(
    ({ code }) => code !== 'signature-mismatch' || signature === 'unchecked',
  )
  if (signature !== 'valid') return told
  // A parameter that the key shows to be signed was not added by anybody.
  const rest = told.filter(({ code }) => code !== 'tracker-parameters')
  const isSaid = rest.some(({ source, confidence }) => source === 'answer' && confidence >= 0.75)
  if (isSaid || rest.some(({ code }) => code === 'signer-not-allowed')) return rest
  if (!isBareRefusal(context)) return rest
  return [...rest, { code: 'refused-though-valid', confidence: 0.75, source: 'answer' }]
}

const NOTHING_FOUND: Finding = { code: 'nothing-found', confidence: 0.3 }

/** What is less likely than that nothing is wrong comes behind it. */
function orNothing(findings: readonly Finding[]): readonly Finding[] {
  const isSaid = findings.some(({ confidence }) => confidence >= NOTHING_FOUND.confidence)
  return isSaid ? findings : [NOTHING_FOUND, ...findings]
}

const MAX_SHOWN = 5
const MAX_ADVICE = 3

const SIGNATURE_LINES: Readonly<Record<Exclude<SignatureState, 'unchecked'>, string>> = {
  valid: 'Signature: valid',
  refused: 'Signature: fits the key, and the request is refused',
  invalid: 'Signature: invalid',
}

/** The explanation as plain text for people: causes in order, what to do about each. */
export function formatExplanation(explanation: Explanation): string {
  const lines = [
    explanation.dialect === null ? 'No known signature.' : `Dialect: ${explanation.dialect}`,
    ...(explanation.signature === 'unchecked' ? [] : [SIGNATURE_LINES[explanation.signature]]),
  ]
  for (const [index, cause] of explanation.causes.slice(0, MAX_SHOWN).entries()) {
    lines.push(
      '',
      `${index + 1}. ${cause.what}  [${cause.code}, ${Math.round(cause.confidence * 100)} %]`,
      `   Fix: ${cause.fix}`,
      ...(cause.evidence === undefined ? [] : [`   Seen: ${cause.evidence}`]),
    )
  }
  for (const [index, { what, fix }] of explanation.advice.slice(0, MAX_ADVICE).entries()) {
    lines.push(
      ...(index === 0 ? ['', 'Beside it, and no reason of the failure:'] : []),
      `- ${what}`,
      `  ${fix}`,
    )
  }
  return `${lines.join('\n')}\n`
}
