/**
 * CORS preflight [FETCH-CORS] CORS-preflight fetch. A browser sends it without credentials, so it is answered before anybody
 * is authenticated; no origin is allowed, because nothing has been configured that would allow one.
 */
import type { CapturedRequest } from '../../http/capture-request.ts'
import type { S3Answer } from './face.ts'
import { renderS3Error } from './render-error.ts'
import { PREFLIGHT_REFUSED } from './s3-error.ts'

export function renderPreflight(raw: CapturedRequest, requestId: string): S3Answer {
  return renderS3Error(PREFLIGHT_REFUSED, raw, requestId)
}
