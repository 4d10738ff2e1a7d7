/** Checks the signature of a request against the keys of this moment, and nothing more: what a key may do is asked elsewhere. */
import type { RawRequest } from '@hallpass/signing'
import { isSigningError } from '@hallpass/signing/errors'
import { verifyS3 } from '@hallpass/signing/s3'
import type { VerifiedS3Request } from '@hallpass/signing/s3'
import type { Keys, UsableAccessKey } from '../core/keys/key-ring.ts'

export interface Verification {
  readonly keys: Keys
  readonly nowMs: number
  readonly region: string
}

/**
 * Throws `SigningError`. A link of the server's own for GET answers HEAD as well; a URL that somebody else signed means its
 * method alone.
 */
export function verifyS3Request(
  request: RawRequest,
  { keys, nowMs, region }: Verification,
): VerifiedS3Request<UsableAccessKey> {
  let found: UsableAccessKey | null = null
  const options = {
    lookup: (accessKeyId: string) => (found = keys.findAccessKey(accessKeyId, nowMs)),
    region,
    now: new Date(nowMs),
  }
  if (request.method !== 'HEAD') return verifyS3(request, options)
  try {
    return verifyS3(request, options)
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'signature-mismatch' || !isOwn(found)) throw error
    return verifyS3({ ...request, method: 'GET' }, options)
  }
}

function isOwn(key: UsableAccessKey | null): boolean {
  return key?.record.kind === 'signing'
}
