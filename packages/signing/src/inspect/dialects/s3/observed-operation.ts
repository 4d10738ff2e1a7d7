/**
 * What operation and object an S3 URL is about, as far as the URL shows.
 *
 * @module
 */
import { showText } from '../../facts/detection.ts'
import { hostHeader } from '../../facts/observed-url.ts'
import type { ResourceScope } from '../../facts/dialect-facts.ts'
import type { ObservedUrl } from '../../facts/observed-url.ts'

/** Methods of the operation names the AWS SDK for JavaScript writes into `x-id`. */
const METHOD_OF_OPERATION: Readonly<Record<string, string>> = {
  GetObject: 'GET',
  HeadObject: 'HEAD',
  PutObject: 'PUT',
  UploadPart: 'PUT',
  UploadPartCopy: 'PUT',
  CopyObject: 'PUT',
  DeleteObject: 'DELETE',
  DeleteObjects: 'POST',
  CreateMultipartUpload: 'POST',
  CompleteMultipartUpload: 'POST',
  AbortMultipartUpload: 'DELETE',
  ListObjects: 'GET',
  ListObjectsV2: 'GET',
  ListParts: 'GET',
  HeadBucket: 'HEAD',
  GetObjectTagging: 'GET',
  PutObjectTagging: 'PUT',
  GetObjectAttributes: 'GET',
}

/** Parameters only one kind of operation has. */
const SIGNS_OF_UPLOAD = [
  'x-amz-sdk-checksum-algorithm',
  'x-amz-checksum-crc32',
  'x-amz-acl',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-copy-source',
  'partnumber',
]
const SIGNS_OF_DOWNLOAD = [
  'x-amz-checksum-mode',
  'response-content-type',
  'response-content-disposition',
  'response-content-language',
  'response-content-encoding',
  'response-cache-control',
  'response-expires',
]

/** The methods a query implies; empty if it does not tell. Names in lower case. */
export function methodsOfS3Query(values: ReadonlyMap<string, string>): string[] {
  const operation = values.get('x-id')
  const method = operation === undefined ? undefined : METHOD_OF_OPERATION[operation]
  if (method !== undefined) return [method]
  if (SIGNS_OF_DOWNLOAD.some((name) => values.has(name))) return ['GET']
  if (SIGNS_OF_UPLOAD.some((name) => values.has(name))) return ['PUT']
  for (const name of values.keys()) if (name.startsWith('x-amz-meta-')) return ['PUT']
  return []
}

/** Hosts whose first label (or labels) name the bucket, and hosts that want it in the path. */
const VIRTUAL_HOST = [
  /^(.{1,200})\.s3(?:[.-][a-z0-9-]{1,40}){0,3}\.amazonaws\.com(?:\.cn)?$/i,
  /^(.{1,200})\.[a-z0-9-]{1,20}\.digitaloceanspaces\.com$/i,
  /^(.{1,200})\.s3\.[a-z0-9-]{1,30}\.(?:backblazeb2|wasabisys|scw)\.(?:com|cloud)$/i,
  /^([^.]{1,200})\.storage\.googleapis\.com$/i,
]

/** The bucket a virtual host names, or `null` if the bucket stands in the path (or cannot be told). */
export function bucketOfHost(host: string): string | null {
  for (const pattern of VIRTUAL_HOST) {
    const bucket = pattern.exec(host)?.[1]
    if (bucket !== undefined) return bucket
  }
  return null
}

/** What the URL points to: `bucket/key` where the host tells, else host and path. */
export function resourceOfS3Url(url: ObservedUrl): { scope: ResourceScope; text: string } {
  const bucket = bucketOfHost(url.host)
  const path = url.path.startsWith('/') ? url.path.slice(1) : url.path
  if (bucket !== null) {
    return { scope: path === '' ? 'bucket' : 'object', text: showText(`${bucket}/${path}`) }
  }
  const slash = path.indexOf('/')
  const isBucket = slash === -1 || slash === path.length - 1
  return {
    scope: path === '' ? 'account' : isBucket ? 'bucket' : 'object',
    text: showText(isAmazon(url.host) ? path : `${hostHeader(url)}/${path}`),
  }
}

function isAmazon(host: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/i.test(host)
}
