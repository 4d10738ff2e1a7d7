/**
 * The CORS rules of a bucket [S3-CORS]: they allow what the operator's own list does not. Cookies mean nothing here, so credentials are
 * never allowed.
 */
import { findCorsRule } from '../../core/buckets/cors-rules.ts'
import type { CorsGrant, CorsRule } from '../../core/buckets/cors-rules.ts'
import type { CoreContext } from '../../core/context.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import { isHeaderName } from '../../http/header-value.ts'
import { findHeader, joinedHeader } from '../../http/raw-headers.ts'
import type { S3Answer } from './face.ts'

/** Room for all metadata that an upload may carry; more is no browser's question. */
const MAX_ASKED_LENGTH = 4096

/** `null` if the bucket has none, is not there, or nobody can tell at the moment: then nothing is allowed. */
export async function findBucketRules(
  { keyRing, buckets, log }: Pick<CoreContext, 'keyRing' | 'buckets' | 'log'>,
  bucket: string,
): Promise<readonly CorsRule[] | null> {
  if (bucket === '') return null
  try {
    const { snapshot } = await keyRing.current()
    return (await buckets.traits(snapshot.epoch, bucket)).cors
  } catch (error) {
    log.debug({ err: error, bucket }, 'CORS rules could not be read')
    return null
  }
}

/** Adds to an answer what lets a page read it that a rule allows, and that a cache must ask again for any other page. */
export function shareByRules(
  { headers }: S3Answer,
  raw: CapturedRequest,
  rules: readonly CorsRule[],
): void {
  headers.push('Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method')
  const grant = findGrant(rules, raw)
  if (grant === null) return
  const { allowOrigin, rule } = grant
  headers.push('Access-Control-Allow-Origin', allowOrigin)
  headers.push('Access-Control-Allow-Methods', rule.allowedMethods.join(', '))
  if (rule.exposeHeaders.length > 0) {
    headers.push('Access-Control-Expose-Headers', rule.exposeHeaders.join(', '))
  }
  if (raw.method !== 'OPTIONS') return
  const asked = listAskedHeaders(raw)
  if (asked.length > 0) headers.push('Access-Control-Allow-Headers', asked.join(', '))
  if (rule.maxAgeSeconds !== undefined) {
    headers.push('Access-Control-Max-Age', String(rule.maxAgeSeconds))
  }
}

/** `null` if no rule allows what a page of this origin does, or asks to do. */
export function findGrant(rules: readonly CorsRule[], raw: CapturedRequest): CorsGrant | null {
  const { headers, method } = raw
  const origin = findHeader(headers, 'origin')
  if (origin === null) return null
  return findCorsRule(rules, {
    origin,
    method: findHeader(headers, 'access-control-request-method') ?? method,
    headers: method === 'OPTIONS' ? listAskedHeaders(raw) : [],
  })
}

/** The names of headers that a preflight asks for; what is no name is none of them, and nothing of a flood is. */
export function listAskedHeaders({ headers }: CapturedRequest): string[] {
  const asked = joinedHeader(headers, 'access-control-request-headers') ?? ''
  if (asked.length > MAX_ASKED_LENGTH) return []
  const names = asked.split(',').map((name) => name.trim())
  return names.filter(isHeaderName)
}
