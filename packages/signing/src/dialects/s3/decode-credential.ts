/**
 * Whose key a request claims, before anything is verified: for callers that must fetch the key first.
 *
 * @module
 */
import { isSigningError } from '../../errors.ts'
import { createV4QueryReader } from '../../lib/v4-query.ts'
import type { RawRequest } from '../../types.ts'
import { readCredential } from './credential-scope.ts'
import { ALGORITHM_HMAC, QUERY_NAMES } from './params.ts'
import { parseS3Authorization } from './read-authorization.ts'
import { readS3Headers } from './read-headers.ts'

/** What a request says of its signer. None of it is verified: good for finding a key, and for nothing else. */
export interface S3CredentialClaim {
  readonly form: 'query' | 'header'
  readonly algorithm: string
  readonly accessKeyId: string
  /** `yyyyMMdd` */
  readonly day: string
  /** Empty in Version 4A, whose scope has no region. */
  readonly region: string
  readonly service: string
}

/** The claim of a request, or `null` if it has none that can be read; `verifyS3` then says what is wrong. */
export function decodeS3Credential(
  request: Pick<RawRequest, 'target' | 'headers'>,
): S3CredentialClaim | null {
  try {
    return readQueryClaim(request.target) ?? readHeaderClaim(request)
  } catch (error) {
    if (isSigningError(error)) return null
    throw error
  }
}

function readQueryClaim(target: string): S3CredentialClaim | null {
  const mark = target.indexOf('?')
  if (mark === -1) return null
  const { algorithm, credential } = createV4QueryReader(QUERY_NAMES)(target.slice(mark + 1))
  return credential === null ? null : toClaim('query', algorithm ?? ALGORITHM_HMAC, credential)
}

function readHeaderClaim({ headers }: Pick<RawRequest, 'headers'>): S3CredentialClaim | null {
  const { authorization } = readS3Headers(headers)
  if (authorization === null) return null
  const { algorithm, credential } = parseS3Authorization(authorization)
  return toClaim('header', algorithm, credential)
}

function toClaim(form: 'query' | 'header', algorithm: string, text: string): S3CredentialClaim {
  const { keyId, scope } = readCredential(text, algorithm, 'X-Amz-Credential')
  const { day, region, service } = scope
  return { form, algorithm, accessKeyId: keyId, day, region, service }
}
