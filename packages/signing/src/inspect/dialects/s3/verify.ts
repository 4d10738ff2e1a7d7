/**
 * Verifies what is being explained with the keys at hand: S3.
 *
 * @module
 */
import { verifyS3 } from '../../../dialects/s3/verify.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import type { RawRequest } from '../../../types.ts'
import type { DialectName } from '../../dialects.ts'
import type { Detection } from '../../facts/dialect-facts.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { headerValue } from '../../verify/verify-context.ts'

export const verifyAsS3: Verifier = (context) => {
  const { request, now, detection } = context
  const scope = scopeOf(detection, request)
  verifyS3(request, {
    now,
    region: context.region ?? scope.region,
    service: scope.service,
    foldPath: !scope.service.startsWith('s3'),
    lookup: (accessKeyId) => {
      const key = keysFor(context.keys, 's3', accessKeyId).find(
        ({ secret }) => secret !== undefined,
      )
      if (key?.secret === undefined) return null
      const { secret: secretAccessKey, sessionToken = sessionTokenOf(request) } = key
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken === undefined ? {} : { sessionToken }),
      }
    },
  })
}

/** A key given without its token is judged by the token that came: the signature covers it. */
function sessionTokenOf(request: RawRequest): string | undefined {
  const inQuery = /[?&]X-Amz-Security-Token=([^&#]*)/i.exec(request.target)?.[1]
  if (inQuery !== undefined) return percentDecode(inQuery) ?? undefined
  return headerValue(request, 'x-amz-security-token') ?? undefined
}

/**
 * The region and the service the request itself names: a URL by itself is judged by its own word. A host of S3 takes
 * signatures for S3 alone.
 */
function scopeOf(
  detection: Detection<DialectName>,
  request: RawRequest,
): { readonly region: string; readonly service: string } {
  const text =
    detection.form === 'header' ? (headerValue(request, 'authorization') ?? '') : request.target
  const [, region = 'us-east-1', named = 's3'] =
    /\d{8}(?:\/|%2F)([a-z0-9-]{1,40})(?:\/|%2F)([a-z0-9-]{1,40})(?:\/|%2F)aws4_request/i.exec(
      text,
    ) ?? []
  const isOther = detection.scheme.endsWith(` for ${named}`) && !isHostOfS3(request)
  return { region, service: isOther || STORES.test(named) ? named : 's3' }
}

const STORES = /^s3(?:express|-object-lambda|-outposts)?$/

function isHostOfS3(request: RawRequest): boolean {
  return /(?:^|\.)s3[.-]/i.test(headerValue(request, 'host') ?? '')
}
