/**
 * What a provider's answer means, by its code, and by its status where it has none. A code that is not known is quoted.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import type { ExplainContext, Finding } from '../facts/dialect-facts.ts'
import { headerValue, showText } from '../facts/detection.ts'
import type { ProviderError } from '../rules/provider-error.ts'
import { readProviderError, saysSignatureMismatch } from '../rules/provider-error.ts'
import { AZURE_ANSWERS } from './azure-answers.ts'
import { CLOUDFRONT_ANSWERS } from './cloudfront-answers.ts'
import { GCS_ANSWERS } from './gcs-answers.ts'
import { S3_ANSWERS } from './s3-answers.ts'
import { serverPageFindings } from './server-pages.ts'

/** By code: the cause, and what to do about this very answer. */
export type KnownAnswers = Readonly<Record<string, readonly [cause: CauseCode, advice: string]>>

/** An answer is surer than any guess, and less sure than what can be seen in the request. */
const CONFIDENCE = 0.93
/** Causes that only say of which kind a fault is. */
const VAGUE = new Set<CauseCode>(['request-malformed', 'parameter-malformed', 'parameter-missing'])
const VAGUE_CONFIDENCE = 0.7
const UNKNOWN_CONFIDENCE = 0.6

const TABLES: Readonly<Record<string, KnownAnswers>> = {
  s3: S3_ANSWERS,
  gcs: GCS_ANSWERS,
  azure: AZURE_ANSWERS,
  cloudfront: CLOUDFRONT_ANSWERS,
}

/** Stores that answer with the codes of S3. */
const STORES: ReadonlySet<string> = new Set([
  'oss',
  'oss-v4',
  'oss-header',
  'cos',
  'cos-header',
  'tos',
  'obs',
  'b2',
  'oracle',
  'qiniu',
])

/**
 * Codes the rules of the dialects have read already: their wording decides what they mean.
 * The rest of the answer is said by the table, by the page of a web server, or quoted.
 */
export function answerFindings(
  context: ExplainContext,
  dialect: string,
  said: readonly Finding[],
): Finding[] {
  const error = readProviderError(context.response)
  if (error === null || isServed(error)) return []
  // The dialect's own rules have said what this answer means.
  if (said.some(({ source }) => source === 'answer')) return []
  const known = lookUp(error, dialect)
  if (known !== null) return [toFinding(error, known)]
  const page = serverPageFindings(context, error)
  if (page.length > 0 || error.code === '' || saysSignatureMismatch(error)) return page
  if (error.code === 'AccessDenied') return deniedFindings(error, dialect)
  if (said.some(({ code, evidence }) => code === 'signature-mismatch' && evidence !== undefined))
    return []
  const evidence = quote(error)
  return [
    {
      code: 'answer-unknown',
      confidence: UNKNOWN_CONFIDENCE,
      facts: { answer: showText(error.code, 80) },
      source: 'answer',
      evidence,
    },
  ]
}

/** A store behind a CDN: its refusal is not about the signature of the CDN. CloudFront has rules of its own. */
function deniedFindings(error: ProviderError, dialect: string): Finding[] {
  if (Object.hasOwn(TABLES, dialect)) return []
  if (STORES.has(dialect)) {
    return [
      { code: 'signer-not-allowed', confidence: 0.7, source: 'answer', evidence: quote(error) },
    ]
  }
  return [
    { code: 'origin-refused', confidence: CONFIDENCE, source: 'answer', evidence: quote(error) },
  ]
}

function isServed({ status, code }: ProviderError): boolean {
  return code === '' && status !== null && status < 400 && status !== 304
}

/** The table of the dialect, then that of S3, whose codes most stores and CDNs pass on, then the others. */
function lookUp({ code }: ProviderError, dialect: string): KnownAnswers[string] | null {
  if (code === '') return null
  const tables = [TABLES[dialect], S3_ANSWERS, AZURE_ANSWERS, GCS_ANSWERS, CLOUDFRONT_ANSWERS]
  for (const table of tables) {
    if (table !== undefined && Object.hasOwn(table, code)) return table[code] ?? null
  }
  return null
}

function toFinding(
  error: ProviderError,
  [code, advice]: readonly [cause: CauseCode, advice: string],
): Finding {
  const confidence = VAGUE.has(code) ? VAGUE_CONFIDENCE : CONFIDENCE
  const facts = factsOf(error)
  return { code, confidence, facts, source: 'answer', evidence: `${quote(error)}; ${advice}` }
}

/** What the elements of an error name: the header, the parameter, the limit. */
function factsOf({ code, elements }: ProviderError): Record<string, string> {
  const named =
    elements.get('HeaderName') ??
    elements.get('QueryParameterName') ??
    elements.get('ArgumentName') ??
    elements.get('ParameterName') ??
    elements.get('Header')
  const reason = elements.get('Reason') ?? elements.get('ArgumentValue')
  return {
    allowed: 'it names',
    why: 'is needed',
    answer: showText(code, 80),
    names: showText(named ?? 'one the answer does not name', 120),
    reason: reason === undefined ? 'the service does not take it' : showText(reason, 120),
    keyId: 'of the request',
    expiredAt: 'its end',
    ago: 'some time',
    expected: 'another region',
    actual: 'this one',
    granted: 'less',
    needed: 'another permission',
    version: 'that was sent',
  }
}

function quote({ status, code, message }: ProviderError): string {
  const text = message === '' ? '' : `: ${message.replace(/\s+/g, ' ').slice(0, 120)}`
  return showText(`the provider answered ${status === null ? '' : `${status} `}${code}${text}`, 260)
}

const MAY_BE_BARE: ReadonlySet<string> = new Set(['AuthenticationFailed', 'AccessDenied'])

/** The answer says no more than that the signature, or whatever else, is not taken. */
export function isBareRefusal({ response }: ExplainContext): boolean {
  if (response === null) return false
  const error = readProviderError(response)
  if (error === null) return false
  if (saysSignatureMismatch(error) || MAY_BE_BARE.has(error.code)) return true
  const isPlain = error.code === '' && headerValue(response, 'location') === null
  return isPlain && (error.status === 401 || error.status === 403)
}
