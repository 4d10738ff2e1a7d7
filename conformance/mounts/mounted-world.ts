/** Two servers: one with a bucket of its own, one that shows it, mounted. The store behind a mount is as real as any. */
import assert from 'node:assert/strict'
import { S3Client } from '@aws-sdk/client-s3'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

export const LOOPBACK = ['127.0.0.1/32', '::1/128'] as const

export interface MountedWorld {
  /** Whose bucket `inner` is. */
  readonly behind: RunningServer
  /** Which shows it as `outer`. */
  readonly front: RunningServer
  /** A client of each. */
  readonly inner: S3Client
  readonly outer: S3Client
  readonly url: string
}

export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
}

export async function askRest(
  { origin, adminKey }: RunningServer,
  method: string,
  path: string,
  body?: unknown,
): Promise<RestAnswer> {
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await answer.text()
  const isJson = (answer.headers.get('content-type') ?? '').includes('json')
  return {
    status: answer.status,
    headers: answer.headers,
    json: isJson ? (JSON.parse(text) as unknown) : text,
  }
}

export function clientOf({ origin, region, credentials }: RunningServer): S3Client {
  return new S3Client({
    region,
    endpoint: origin,
    forcePathStyle: true,
    credentials: { ...credentials },
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
}

/** `store` of a mount of a bucket of that server. */
export function storeOf(
  { origin, credentials }: Pick<RunningServer, 'origin' | 'credentials'>,
  bucket: string,
): { readonly url: string; readonly credentials: RunningServer['credentials'] } {
  const { accessKeyId, secretAccessKey } = credentials
  return {
    url: `s3://${bucket}?endpoint=${origin}`,
    credentials: { accessKeyId, secretAccessKey },
  }
}

export async function withMountedBucket(
  use: (world: MountedWorld) => Promise<void>,
  more: { readonly readOnly?: boolean } = {},
): Promise<void> {
  const behind = await startServer()
  const front = await startServer({ storeNetworks: LOOPBACK })
  const inner = clientOf(behind)
  const outer = clientOf(front)
  try {
    assert.equal((await askRest(behind, 'PUT', '/v1/buckets/inner', {})).status, 201)
    const store = { ...storeOf(behind, 'inner'), ...more }
    const made = await askRest(front, 'PUT', '/v1/buckets/outer', { store })
    assert.equal(made.status, 201, JSON.stringify(made.json))
    await use({ behind, front, inner, outer, url: store.url })
  } finally {
    inner.destroy()
    outer.destroy()
    await front.stop()
    await behind.stop()
  }
}
