/**
 * CORS preflight [FETCH-CORS] CORS-preflight fetch. A browser sends it without credentials, so it is answered before anybody
 * is authenticated, and says nothing of what is stored: what the operator allows, for every path the same; else what the rules of the
 * bucket allow.
 */
import { CORS_METHODS } from '../../core/buckets/cors-rules.ts'
import type { CorsRule } from '../../core/buckets/cors-rules.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import { findHeader } from '../../http/raw-headers.ts'
import { emptyAnswer } from './answers/answers.ts'
import { findGrant, listAskedHeaders } from './bucket-cors.ts'
import type { Cors } from './cors.ts'
import { renderS3Error } from './errors/render-error.ts'
import { CORS_DISABLED, PREFLIGHT_REFUSED, bad } from './errors/s3-error.ts'
import type { S3Answer } from './face.ts'

const METHODS = CORS_METHODS.join(', ')
const MAX_AGE_SECONDS = 3000

export interface Preflight {
  readonly raw: CapturedRequest
  readonly requestId: string
  readonly cors: Cors
  /** Asked for only if the operator allows nothing. */
  readonly findRules: () => Promise<readonly CorsRule[] | null>
}

/** What makes every answer readable completes this one. */
export async function renderPreflight(preflight: Preflight): Promise<S3Answer> {
  const { raw, requestId, cors, findRules } = preflight
  const missing = findMissing(raw)
  if (missing !== null) return renderS3Error(bad('BadRequest', missing), raw, requestId)
  if (cors.allows(raw)) return allow(raw)
  const rules = await findRules()
  if (rules !== null && findGrant(rules, raw) !== null) return emptyAnswer(200)
  cors.reportRefused(raw)
  const isDisabled = cors.isOff && rules === null
  return renderS3Error(isDisabled ? CORS_DISABLED : PREFLIGHT_REFUSED, raw, requestId)
}

function findMissing({ headers }: CapturedRequest): string | null {
  if ((findHeader(headers, 'origin') ?? '') === '') {
    return 'Insufficient information. Origin request header needed.'
  }
  const method = findHeader(headers, 'access-control-request-method')
  return CORS_METHODS.some((known) => known === method)
    ? null
    : `Invalid Access-Control-Request-Method: ${method?.slice(0, 32) ?? 'null'}`
}

/** Every header that was asked for is allowed: which of them an operation takes, and must be signed, it says itself. */
function allow(raw: CapturedRequest): S3Answer {
  const headers = [
    'Access-Control-Allow-Methods',
    METHODS,
    'Access-Control-Max-Age',
    String(MAX_AGE_SECONDS),
    'Vary',
    'Access-Control-Request-Headers',
  ]
  const asked = listAskedHeaders(raw)
  if (asked.length > 0) headers.push('Access-Control-Allow-Headers', asked.join(', '))
  return emptyAnswer(204, headers)
}
