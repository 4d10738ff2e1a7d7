/** A contestant that speaks S3: requests signed in their address for whoever loads it, or in their headers and sent. */
import { readFile } from 'node:fs/promises'
import { Agent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { presignS3, signS3Headers } from '@hallpass/signing/s3'
import type { Contestant } from './contestant.ts'
import { CONNECTIONS, objectName } from './operations.ts'
import type { Operation } from './operations.ts'

export interface S3Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Ask {
  readonly method: string
  /** Left out for the bucket itself. */
  readonly key?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export interface S3Store {
  readonly origin: string
  readonly presign: (ask: S3Ask) => string
  /** Over one of `CONNECTIONS`. Resolves to the body of the answer; throws what is not 2xx. */
  readonly send: (ask: S3Ask, body?: Uint8Array) => Promise<string>
}

export const BUCKET = 'bench'
const REGION = 'us-east-1'
const EXPIRES_SECONDS = 86_400
const SHOWN = 300

export function createS3Store(
  endpoint: string,
  credentials: S3Keys,
  bucket: string = BUCKET,
): S3Store {
  const common = { bucket, region: REGION, endpoint, credentials }
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  return {
    origin: endpoint,
    presign: (ask) =>
      presignS3({ ...common, key: null, ...ask, expiresInSeconds: EXPIRES_SECONDS }).url,
    async send(ask, body) {
      const signed = signS3Headers({
        ...common,
        key: null,
        ...ask,
        payloadHash: 'UNSIGNED-PAYLOAD',
      })
      const headers = { ...signed.headers, 'content-length': String(body?.length ?? 0) }
      const answered = Promise.withResolvers<IncomingMessage>()
      httpRequest(signed.url, { method: ask.method, headers, agent }, answered.resolve)
        .on('error', answered.reject)
        .end(body)
      const answer = await answered.promise
      const said = await text(answer)
      const status = answer.statusCode ?? 0
      if (status >= 200 && status < 300) return said
      const what = `${ask.method} ${ask.key ?? bucket}`
      throw new Error(`${what} was answered with ${status}: ${said.slice(0, SHOWN)}`)
    },
  }
}

export interface S3ContestantOptions {
  readonly name: string
  readonly origin: string
  readonly keys: S3Keys
  /** The files to be read, to be brought in. */
  readonly files: string
  /** False for one that has nothing but objects. */
  readonly hasMore?: boolean
  readonly stop: () => Promise<void>
}

export function createS3Contestant(options: S3ContestantOptions): Contestant {
  const store = createS3Store(options.origin, options.keys)
  return {
    name: options.name,
    s3: options.hasMore === false ? null : store,
    targetOf: (operation) => ({
      origin: store.origin,
      paths: Array.from({ length: operation.objects }, (_, index) => {
        const { method } = operation
        const url = store.presign({ method, key: objectName(operation, index) })
        return url.slice(store.origin.length)
      }),
    }),
    fill: (downloads) => fillBucket(store, options.files, downloads),
    stop: options.stop,
  }
}

/** Makes the bucket, if it is not there: some refuse to make one twice. */
export async function requireBucket(store: S3Store): Promise<void> {
  try {
    await store.send({ method: 'HEAD' })
  } catch {
    await store.send({ method: 'PUT' })
  }
}

/** Makes the bucket and uploads every file that will be read. */
async function fillBucket(
  store: S3Store,
  files: string,
  downloads: readonly Operation[],
): Promise<void> {
  await requireBucket(store)
  for (const operation of downloads) {
    for (let index = 0; index < operation.objects; index += 1) {
      const key = objectName(operation, index)
      await store.send({ method: 'PUT', key }, await readFile(join(files, key)))
    }
  }
}
