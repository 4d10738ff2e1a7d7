/**
 * A second in which is signed.
 *
 * @module
 */
import { percentEncode } from '../../lib/percent-encode.ts'
import { formatBasicTimestamp } from '../../lib/timestamp.ts'
import type { V4Scope } from '../../lib/v4.ts'
import type { S3Credentials } from './credentials.ts'

/** What signs in the scope of one day, by either version of the signature. */
export interface DaySigner {
  readonly algorithm: string
  readonly scope: Pick<V4Scope, 'text'>
  /** The signature of a request, by its timestamp and the hash of its canonical request. */
  readonly sign: (timestamp: string, canonicalRequestHash: string) => string
}

/** What requests of one second share. */
export interface SigningMoment {
  readonly algorithm: string
  /** `accessKeyId/scope`, not encoded. */
  readonly credential: string
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string
  /** See {@link DaySigner}. */
  readonly sign: DaySigner['sign']
  /** The authentication query up to the value of `X-Amz-Expires`. */
  readonly queryUpToExpires: string
}

/** The moment of a second of the epoch, by what signs on a day, `yyyyMMdd`. */
export function momentOf(
  { accessKeyId }: S3Credentials,
  signerOf: (day: string) => DaySigner,
  second: number,
): SigningMoment {
  const timestamp = formatBasicTimestamp(new Date(second * 1000))
  const { algorithm, scope, sign } = signerOf(timestamp.slice(0, 8))
  const credential = `${accessKeyId}/${scope.text}`
  const queryUpToExpires = `X-Amz-Algorithm=${algorithm}&X-Amz-Credential=${percentEncode(credential)}&X-Amz-Date=${timestamp}&X-Amz-Expires=`
  return { algorithm, credential, timestamp, sign, queryUpToExpires }
}
