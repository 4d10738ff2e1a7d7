/** Where a location leads, spelled one way and with a slash at its end: of two that overlap one begins with the other. */
import type { S3Location } from './s3-location.ts'

const AMAZON = 'amazonaws.com'

/** Names of buckets are Amazon's over all regions, and of other services one endpoint's. */
export function placeOfS3({ endpoint, bucket, prefix }: S3Location): string {
  const host = endpoint === null ? AMAZON : new URL(endpoint).host
  const home = host.endsWith(`.${AMAZON}`) || host.endsWith(`.${AMAZON}.cn`) ? AMAZON : host
  return `s3://${home}/${bucket}/${prefix}`
}
