/** Which bucket of which service, as one line says it: `s3://bucket/prefix?endpoint=…&region=…`. */
import { parseEndpoint, parseMatching, parsePrefix, readStoreUrl } from '../store-url.ts'

/** How it is made sure that what arrives is what was sent. */
export type S3Checksums = 'sha256' | 'md5' | 'none'

export interface S3Location {
  readonly bucket: string
  /** Of every key; empty, or with a slash at its end. */
  readonly prefix: string
  /** `null`: Amazon's own. */
  readonly endpoint: string | null
  readonly region: string
  /** `null`: as is usual at the endpoint. */
  readonly addressing: 'path' | 'virtual' | null
  readonly storageClass: string | null
  /** `AES256`, `aws:kms`, `aws:kms:KEY`. */
  readonly encryption: string | null
  readonly checksums: S3Checksums
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const ENCRYPTION = /^(?:AES256|aws:kms(?::dsse)?(?::[\w:/-]{1,2048})?)$/
const FORM = {
  scheme: 's3',
  example: 's3://BUCKET/PREFIX?…',
  parameters: ['endpoint', 'region', 'pathStyle', 'storageClass', 'sse', 'checksums'],
} as const

/** Throws an `Error` whose message goes on from the name of the setting. What it is given is not repeated. */
export function parseS3Location(text: string): S3Location {
  const { host: bucket, path, parameters: given } = readStoreUrl(text, FORM)
  if (!BUCKET.test(bucket)) throw new Error('must begin with s3:// and the name of a bucket')
  return {
    bucket,
    prefix: parsePrefix(path),
    endpoint: given.endpoint === null ? null : parseEndpoint(given.endpoint),
    region: parseMatching(given.region ?? 'us-east-1', /^[a-z0-9-]{1,64}$/, 'region'),
    addressing: parsePathStyle(given.pathStyle),
    storageClass:
      given.storageClass === null
        ? null
        : parseMatching(given.storageClass, /^[A-Z][A-Z0-9_]{1,63}$/, 'storageClass'),
    encryption: given.sse === null ? null : parseMatching(given.sse, ENCRYPTION, 'sse'),
    checksums: parseChecksums(given.checksums ?? 'sha256'),
  }
}

/** For people, without anything that is secret. */
export function nameS3Location({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
}

function parsePathStyle(text: string | null): S3Location['addressing'] {
  if (text === null) return null
  if (text === 'true') return 'path'
  if (text === 'false') return 'virtual'
  throw new Error('has a pathStyle that is neither true nor false')
}

function parseChecksums(text: string): S3Checksums {
  if (text === 'sha256' || text === 'md5' || text === 'none') return text
  throw new Error('has checksums that are not sha256, md5 or none')
}
