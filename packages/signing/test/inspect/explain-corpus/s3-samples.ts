/**
 * S3 requests presigned by the AWS SDK, MinIO's client and aws4fetch.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { AwsClient } from 'aws4fetch'
import { Client as MinioClient } from 'minio'
import type { ExplainKey } from '@hallpass/signing/explain'
import { NOW, addSeconds, hostOf } from './case.ts'
import type { Headers, Sample } from './case.ts'
import type { Random } from './random.ts'

export type S3Operation = 'GET' | 'PUT' | 'HEAD' | 'DELETE' | 'UPLOAD_PART'

/** What a sample may be asked to be; what is left out is chosen at random. */
export interface S3SampleOptions {
  readonly sdk?: 'aws-sdk' | 'minio' | 'aws4fetch'
  readonly operation?: S3Operation
  readonly objectKey?: string
  readonly region?: string
  readonly signedAt?: Date
  readonly expiresIn?: number
  readonly contentType?: string
  readonly disposition?: string
  readonly hasSession?: boolean
  readonly checksums?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED'
  readonly endpoint?: string
  /** aws4fetch only: the path is given to it as it stands, unescaped. */
  readonly isRawPath?: boolean
  readonly key?: ExplainKey
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
export const OBJECT_KEYS: readonly string[] = [
  'report.pdf',
  'photos/2026/03/cat.png',
  'invoices/INV-00017.pdf',
  'backups/db.tar.gz',
  'users/42/avatar.jpg',
  'exports/data_2026-03-14.csv',
  'videos/intro.mp4',
]
export const REGIONS: readonly string[] = [
  'us-east-1',
  'eu-west-1',
  'eu-central-1',
  'ap-south-1',
  'us-west-2',
]
const BUCKETS: readonly string[] = ['acme-files', 'media-prod', 'customer-uploads', 'hp-test-7']
const COMPATIBLE: readonly string[] = [
  'https://files.example.com:9000',
  'https://s3.storage.example.net',
  'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com',
]

export function createS3Key(
  random: Random,
  hasSession = false,
): ExplainKey & { id: string; secret: string } {
  const id = (hasSession ? 'ASIA' : 'AKIA') + random.text(16, UPPER)
  // Like the real ones, with a slash and a plus: these are what configuration files spoil.
  const secret = `${random.text(19, MIXED)}/${random.text(10, MIXED)}+${random.text(9, MIXED)}`
  return hasSession
    ? { id, secret, sessionToken: `${random.text(200, MIXED)}+/==` }
    : { id, secret }
}

/** A healthy presigned request. */
export async function s3Sample(random: Random, options: S3SampleOptions = {}): Promise<Sample> {
  const settings = chooseSettings(random, options)
  const { key, operation, signedAt, expiresIn } = settings
  const sdk = options.sdk ?? random.pick(['aws-sdk', 'aws-sdk', 'minio', 'aws4fetch'] as const)
  const url = await SIGNERS[sdk](settings, options.endpoint, random)
  const { contentType } = options
  const headers: Headers = [['Host', hostOf(url)]]
  if (contentType !== undefined) headers.push(['Content-Type', contentType])
  const method = operation === 'UPLOAD_PART' ? 'PUT' : operation
  const expiresAt = addSeconds(signedAt, expiresIn)
  return { request: { method, url, headers }, key, signedAt, expiresAt }
}

const SIGNERS = {
  'aws-sdk': signWithAws,
  minio: (settings: Settings, endpoint: string | undefined, random: Random) =>
    signWithMinio(settings, endpoint ?? random.pick(COMPATIBLE)),
  aws4fetch: signWithAws4fetch,
}

function chooseSettings(random: Random, options: S3SampleOptions): Settings {
  const key = options.key ?? createS3Key(random, options.hasSession)
  return {
    key: key as ReturnType<typeof createS3Key>,
    operation: options.operation ?? random.pick(['GET', 'GET', 'PUT', 'HEAD', 'DELETE']),
    bucket: random.pick(BUCKETS),
    objectKey: options.objectKey ?? random.pick(OBJECT_KEYS),
    region: options.region ?? random.pick(REGIONS),
    signedAt: options.signedAt ?? addSeconds(NOW, -random.int(2, 50)),
    expiresIn: options.expiresIn ?? random.pick([300, 900, 3600, 86_400]),
    options,
  }
}

interface Settings {
  readonly key: ReturnType<typeof createS3Key>
  readonly operation: S3Operation
  readonly bucket: string
  readonly objectKey: string
  readonly region: string
  readonly signedAt: Date
  readonly expiresIn: number
  readonly options: S3SampleOptions
}

function signWithAws(settings: Settings, endpoint: string | undefined): Promise<string> {
  const { key, region, bucket, objectKey, options } = settings
  const client = new S3Client({
    region,
    credentials: {
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken }),
    },
    requestChecksumCalculation: options.checksums ?? 'WHEN_REQUIRED',
    responseChecksumValidation: options.checksums ?? 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  })
  const base = { Bucket: bucket, Key: objectKey }
  const type = options.contentType
  const disposition = options.disposition
  const commands = {
    GET: () =>
      new GetObjectCommand({
        ...base,
        ...(disposition === undefined ? {} : { ResponseContentDisposition: disposition }),
      }),
    HEAD: () => new HeadObjectCommand(base),
    PUT: () =>
      new PutObjectCommand({ ...base, ...(type === undefined ? {} : { ContentType: type }) }),
    DELETE: () => new DeleteObjectCommand(base),
    UPLOAD_PART: () => new UploadPartCommand({ ...base, UploadId: 'Up-4711', PartNumber: 3 }),
  }
  return getSignedUrl(client, commands[settings.operation]() as GetObjectCommand, {
    expiresIn: settings.expiresIn,
    signingDate: settings.signedAt,
    ...(type === undefined ? {} : { signableHeaders: new Set(['host', 'content-type']) }),
  })
}

function signWithMinio(settings: Settings, endpoint: string): Promise<string> {
  const { key, region, bucket, objectKey, options } = settings
  const { hostname, port, protocol } = new URL(endpoint)
  const client = new MinioClient({
    endPoint: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL: protocol === 'https:',
    accessKey: key.id,
    secretKey: key.secret,
    region,
    ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken }),
  })
  const query: Record<string, string> = {}
  if (options.disposition !== undefined) query['response-content-disposition'] = options.disposition
  if (settings.operation === 'UPLOAD_PART')
    Object.assign(query, { partNumber: '3', uploadId: 'Up-4711' })
  const method = settings.operation === 'UPLOAD_PART' ? 'PUT' : settings.operation
  return client.presignedUrl(
    method,
    bucket,
    objectKey,
    settings.expiresIn,
    query,
    settings.signedAt,
  )
}

async function signWithAws4fetch(
  settings: Settings,
  endpoint: string | undefined,
): Promise<string> {
  const { key, region, bucket, objectKey, options } = settings
  const client = new AwsClient({
    accessKeyId: key.id,
    secretAccessKey: key.secret,
    service: 's3',
    region,
    ...(key.sessionToken === undefined ? {} : { sessionToken: key.sessionToken }),
  })
  const origin = endpoint ?? `https://s3.${region}.amazonaws.com`
  const path =
    options.isRawPath === true ? objectKey : objectKey.split('/').map(encodeURIComponent).join('/')
  const url = new URL(`${origin}/${bucket}/${path}`)
  url.searchParams.set('X-Amz-Expires', String(settings.expiresIn))
  if (options.disposition !== undefined) {
    url.searchParams.set('response-content-disposition', options.disposition)
  }
  if (settings.operation === 'UPLOAD_PART') url.searchParams.set('uploadId', 'Up-4711')
  const { contentType } = options
  const signed = await client.sign(url.toString(), {
    method: settings.operation === 'UPLOAD_PART' ? 'PUT' : settings.operation,
    ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    aws: {
      signQuery: true,
      allHeaders: contentType !== undefined,
      datetime: settings.signedAt.toISOString().replace(/[:-]|\.\d{3}/g, ''),
    },
  })
  return signed.url
}
