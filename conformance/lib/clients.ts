/** The clients people really use, pointed at a test server. */
import { S3Client } from '@aws-sdk/client-s3'
import { presignS3 } from '@hallpass/signing/s3'
import { AwsClient } from 'aws4fetch'
import { Client as MinioClient } from 'minio'
import type { Credentials, RunningServer } from './start-server.ts'

export function createAwsClient(
  server: RunningServer,
  credentials: Credentials = server.credentials,
): S3Client {
  return new S3Client({
    endpoint: server.origin,
    region: server.region,
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  })
}

export function createMinioClient(server: RunningServer): MinioClient {
  return new MinioClient({
    endPoint: '127.0.0.1',
    port: server.port,
    useSSL: false,
    accessKey: server.credentials.accessKeyId,
    secretKey: server.credentials.secretAccessKey,
    region: server.region,
    pathStyle: true,
  })
}

export function createAws4Fetch(server: RunningServer): AwsClient {
  return new AwsClient({
    ...server.credentials,
    service: 's3',
    region: server.region,
    retries: 0,
  })
}

export interface PresignOptions {
  readonly credentials?: Credentials
  readonly expiresInSeconds?: number
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly payloadHash?: string
  readonly region?: string
  readonly service?: string
  readonly now?: Date
}

/** A URL presigned by our own library, `path` being `bucket/key`. */
export function presign(
  server: RunningServer,
  method: string,
  path: string,
  options: PresignOptions = {},
): string {
  const slash = path.indexOf('/')
  const bucket = slash === -1 ? path : path.slice(0, slash)
  return presignS3({
    credentials: server.credentials,
    region: server.region,
    method,
    ...(bucket !== '' && { bucket }),
    key: slash === -1 ? null : path.slice(slash + 1),
    endpoint: server.origin,
    addressing: 'path',
    expiresInSeconds: 300,
    now: new Date(server.core.clock.now()),
    ...options,
  }).url
}
