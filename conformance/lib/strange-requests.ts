/** Requests of any operation of S3 with something strange in them, the same way for the same generator. Whoever signs them comes later. */
import type { S3Route } from '../../packages/server/src/api/s3/routes.ts'
import type { Random } from './mutate.ts'

export interface StrangeRequest {
  readonly method: string
  /** Encoded. */
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  /** Names in lower case, each once. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | null
}

/** What is there, so that some requests find what they ask for. */
export interface Surroundings {
  readonly bucket: string
  readonly keys: readonly string[]
  readonly versionIds: readonly string[]
  readonly uploadIds: readonly string[]
  readonly etags: readonly string[]
}

const VALUES = [
  '',
  '0',
  '1',
  '-1',
  '1.5',
  '1e9',
  '2147483648',
  '99999999999999999999',
  'NaN',
  'true',
  'null',
  '*',
  '"',
  '"a", "b"',
  'W/"a"',
  ',',
  ';',
  '/',
  '//',
  '/acme',
  'acme/a?versionId=',
  'acme/a?versionId=x',
  '../acme/a',
  '%',
  '%00',
  '%2e%2e',
  '<a>',
  '&',
  '=',
  'a=b&a=b',
  '__proto__',
  'constructor',
  '[]',
  '{}',
  'bytes=0-',
  'bytes=-',
  'bytes=5-1',
  'bytes=0-0,2-3',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  '2999-01-01T00:00:00Z',
  'REPLACE',
  'COPY',
  'ENABLED',
  'SHA256',
  'CRC64NVME',
  'FULL_OBJECT',
  'COMPOSITE',
  'STANDARD',
  'GLACIER',
  'public-read',
  'AAAAAA==',
  'text/html',
  'attachment; filename="x',
  'url',
  'ETag,ObjectParts',
  'x'.repeat(1025),
  'y'.repeat(4096),
] as const

const PARAMETERS = [
  'prefix',
  'delimiter',
  'marker',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'version-id-marker',
  'upload-id-marker',
  'max-uploads',
  'max-parts',
  'part-number-marker',
  'max-buckets',
  'versionId',
  'partNumber',
  'uploadId',
  'list-type',
  'x-id',
  'response-content-type',
  'response-content-disposition',
  'response-expires',
  'X-Hallpass-Link',
  'X-Hallpass-Ip',
  'acl',
  'tagging',
  'unheard-of',
] as const

const HEADERS = [
  'range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'content-type',
  'content-md5',
  'content-encoding',
  'content-disposition',
  'cache-control',
  'expires',
  'origin',
  'x-amz-acl',
  'x-amz-grant-read',
  'x-amz-checksum-crc32',
  'x-amz-checksum-sha256',
  'x-amz-checksum-sha512',
  'x-amz-checksum-algorithm',
  'x-amz-checksum-type',
  'x-amz-checksum-mode',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-copy-source',
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-range',
  'x-amz-expected-bucket-owner',
  'x-amz-if-match-size',
  'x-amz-if-match-last-modified-time',
  'x-amz-max-parts',
  'x-amz-meta-a',
  'x-amz-metadata-directive',
  'x-amz-mp-object-size',
  'x-amz-object-attributes',
  'x-amz-part-number-marker',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-tagging-directive',
  'x-amz-bypass-governance-retention',
] as const

const DOCUMENTS: Readonly<Record<string, string>> = {
  CreateBucket:
    '<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>',
  DeleteObjects:
    '<Delete><Quiet>true</Quiet><Object><Key>a</Key><VersionId>null</VersionId><ETag>x</ETag></Object><Object><Key>b</Key></Object></Delete>',
  CompleteMultipartUpload:
    '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>ETAG</ETag></Part></CompleteMultipartUpload>',
  PutBucketVersioning:
    '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>',
  PutBucketTagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  PutObjectTagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  PutBucketCors:
    '<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>',
  PutBucketPolicy:
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/public/*"}]}',
  PutBucketLogging: '<BucketLoggingStatus/>',
  PutBucketNotificationConfiguration: '<NotificationConfiguration/>',
  PutBucketOwnershipControls:
    '<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>',
  PutBucketRequestPayment:
    '<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>',
}

const FRAGMENTS = [
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<![CDATA[x]]>',
  '&#0;',
  '&#x110000;',
  '&lt;',
  '&b;',
  '<a>',
  '</a>',
  '<!--',
  '?>',
  '<Key></Key>',
  '<Key>../x</Key>',
  '\u0000',
  '\uFFFE',
  '"',
  '{',
  ',',
] as const

/** A request that selects the operation, mostly, and asks for something odd besides. */
export function strangeRequest(route: S3Route, around: Surroundings, next: Random): StrangeRequest {
  const query = route.query.map((name) => [name, plausible(name, around, next)] as const)
  for (const name of route.takes) {
    if (next(3) === 0) query.push([name, plausible(name, around, next)])
  }
  for (let more = next(3); more > 0; more -= 1)
    query.push([pick(PARAMETERS, next), value(around, next)])
  const headers = new Map<string, string>()
  if (route.header !== null) headers.set(route.header, plausible(route.header, around, next))
  if (route.name === 'GetObjectAttributes') headers.set('x-amz-object-attributes', 'ETag')
  for (let more = next(3); more > 0; more -= 1)
    headers.set(pick(HEADERS, next), value(around, next))
  return {
    method: route.method,
    path: pathOf(route, around, next),
    query,
    headers: [...headers],
    body: bodyOf(route, around, next),
  }
}

function pathOf({ on }: S3Route, { bucket, keys }: Surroundings, next: Random): string {
  if (on === 'service') return '/'
  const inBucket =
    next(12) === 0 ? `/${pick(['nope', 'acme.', 'UPPER', 'xn--a', 'a..b'], next)}` : `/${bucket}`
  if (on === 'bucket') return inBucket
  const key = next(10) === 0 ? pick(VALUES, next) : pick(keys, next)
  return `${inBucket}/${encodeURIComponent(key)}`
}

function plausible(name: string, around: Surroundings, next: Random): string {
  if (next(5) === 0) return value(around, next)
  switch (name) {
    case 'versionId':
      return pick(around.versionIds, next)
    case 'uploadId':
      return pick(around.uploadIds, next)
    case 'partNumber':
      return String(1 + next(3))
    case 'list-type':
      return '2'
    case 'x-amz-copy-source':
      return `/${around.bucket}/${encodeURIComponent(pick(around.keys, next))}`
    default:
      return ''
  }
}

function value({ etags, versionIds, keys }: Surroundings, next: Random): string {
  return next(4) === 0 ? pick([...etags, ...versionIds, ...keys], next) : pick(VALUES, next)
}

function bodyOf(route: S3Route, { etags }: Surroundings, next: Random): string | null {
  if (route.body === 'none') return next(8) === 0 ? 'unwanted' : null
  if (route.body === 'stream') return 'z'.repeat(next(3) * 20_000 + next(5))
  const document = (DOCUMENTS[route.name] ?? '<a/>').replace('ETAG', pick(etags, next))
  return next(3) === 0 ? document : breakText(document, next)
}

function breakText(text: string, next: Random): string {
  const at = next(text.length + 1)
  const until = at + next(20)
  switch (next(5)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(until)
    case 2:
      return text.slice(0, until) + text.slice(at)
    case 3:
      return text.slice(0, at) + pick(FRAGMENTS, next).repeat(1 + next(30)) + text.slice(at)
    default:
      return text.replaceAll(/>([^<]+)</g, () => `>${pick(VALUES, next)}<`)
  }
}

function pick<Item>(items: readonly Item[], next: Random): Item {
  const item = items[next(items.length)]
  if (item === undefined) throw new RangeError('There is nothing to pick from.')
  return item
}
