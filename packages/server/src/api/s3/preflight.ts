/**
 * CORS preflight [FETCH-CORS] CORS-preflight fetch. A browser sends it without credentials, so it is answered before anybody
 * is authenticated, and says nothing of what is stored: the same for every path.
 */
import type { CapturedRequest } from '../../http/capture-request.ts'
import { isHeaderName } from '../../http/header-value.ts'
import { findHeader, joinedHeader } from '../../http/raw-headers.ts'
import { emptyAnswer } from './answers/answers.ts'
import type { Cors } from './cors.ts'
import type { S3Answer } from './face.ts'
import { renderS3Error } from './errors/render-error.ts'
import { CORS_DISABLED, PREFLIGHT_REFUSED } from './errors/s3-error.ts'

const METHODS = 'GET, HEAD, PUT, POST, DELETE'
const MAX_AGE_SECONDS = 3000
/** Room for all metadata that an upload may carry; more is no browser's question. */
const MAX_ASKED_LENGTH = 4096

/** `cors.share` completes the answer, as it does every other. */
export function renderPreflight(raw: CapturedRequest, requestId: string, cors: Cors): S3Answer {
  const isAsked = isPreflight(raw)
  if (!isAsked || !cors.allows(raw)) {
    if (isAsked) cors.reportRefused(raw)
    return renderS3Error(cors.isOff ? CORS_DISABLED : PREFLIGHT_REFUSED, raw, requestId)
  }
  const headers = [
    'Access-Control-Allow-Methods',
    METHODS,
    'Access-Control-Max-Age',
    String(MAX_AGE_SECONDS),
    'Vary',
    'Access-Control-Request-Headers',
  ]
  const asked = listAskedHeaders(raw)
  if (asked !== '') headers.push('Access-Control-Allow-Headers', asked)
  return emptyAnswer(204, headers)
}

function isPreflight({ headers }: CapturedRequest): boolean {
  return (
    findHeader(headers, 'origin') !== null &&
    findHeader(headers, 'access-control-request-method') !== null
  )
}

/** Every header that was asked for is allowed: which of them an operation takes, and must be signed, it says itself. */
function listAskedHeaders({ headers }: CapturedRequest): string {
  const asked = joinedHeader(headers, 'access-control-request-headers') ?? ''
  if (asked.length > MAX_ASKED_LENGTH) return ''
  const names = asked.split(',').map((name) => name.trim())
  return names.filter(isHeaderName).join(', ')
}
