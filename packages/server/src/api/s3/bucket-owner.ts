/** Everything belongs to whoever runs the server: one owner, by whose id S3's clients may make sure that a bucket is the one they mean. */
import { s3Refusal } from './errors/s3-refusal.ts'
import { amzHeader } from './face.ts'
import type { S3Request } from './face.ts'

/** In listings too. */
export const OWNER_ID = 'hallpass'

const EXPECTATIONS = ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner'] as const

/** Throws `bucket-owner-unexpected` for a request that is meant for somebody else's bucket [S3-API]. */
export function requireExpectedOwner(request: S3Request): void {
  for (const header of EXPECTATIONS) {
    const expected = amzHeader(request, header)
    if (expected !== null && expected !== OWNER_ID) {
      throw s3Refusal('bucket-owner-unexpected', { header, owner: OWNER_ID })
    }
  }
}
