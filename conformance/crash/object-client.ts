/** The few object requests the harness needs, signed with the key pair the server was started with. */
import { hash } from 'node:crypto'
import { presignS3, signS3Headers } from '@hallpass/signing/s3'

export interface ObjectClient {
  createBucket(): Promise<void>
  /** Resolves to the status; rejects when the connection broke. */
  put(key: string, bytes: Uint8Array): Promise<number>
  remove(key: string): Promise<number>
  /** `null` if there is none. Rejects when the connection broke, or what came is not whole. */
  get(key: string): Promise<FetchedObject | null>
  /** Every key of the bucket, page by page. */
  listKeys(): Promise<string[]>
}

export interface FetchedObject {
  readonly sha256: string
  readonly md5: string
  readonly etag: string
}

export interface ObjectClientOptions {
  readonly origin: string
  readonly bucket: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const REGION = 'us-east-1'
const MAX_PAGES = 1000

export function createObjectClient(options: ObjectClientOptions): ObjectClient {
  const { origin, bucket, accessKeyId, secretAccessKey } = options
  const address = {
    bucket,
    region: REGION,
    endpoint: origin,
    credentials: { accessKeyId, secretAccessKey },
  }

  /** A presigned URL, as a browser would use it. */
  function presigned(
    method: string,
    key?: string,
    body?: Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const { url } = presignS3({ ...address, method, key, expiresInSeconds: 300 })
    return fetch(url, { method, ...(body !== undefined && { body }) })
  }

  /** A request signed in its headers, as an SDK sends it. */
  function signed(method: string, key?: string, query?: Record<string, string>): Promise<Response> {
    const { url, headers } = signS3Headers({ ...address, method, key, query })
    return fetch(url, { method, headers })
  }

  return {
    async createBucket() {
      const answer = await signed('PUT')
      const text = await answer.text()
      if (!answer.ok) throw new Error(`The bucket was not made: ${answer.status} ${text}`)
    },
    async put(key, bytes) {
      const answer = await presigned('PUT', key, Uint8Array.from(bytes))
      await answer.arrayBuffer()
      return answer.status
    },
    async remove(key) {
      const answer = await signed('DELETE', key)
      await answer.arrayBuffer()
      return answer.status
    },
    async get(key) {
      const answer = await presigned('GET', key)
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (answer.status === 404) return null
      if (answer.status !== 200) throw new Error(`GET ${key}: ${answer.status} ${bytes.toString()}`)
      return {
        sha256: hash('sha256', bytes, 'hex'),
        md5: hash('md5', bytes, 'hex'),
        etag: (answer.headers.get('etag') ?? '').replaceAll('"', ''),
      }
    },
    async listKeys() {
      const keys: string[] = []
      let token: string | null = null
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const query: Record<string, string> = { 'list-type': '2' }
        if (token !== null) query['continuation-token'] = token
        const answer = await signed('GET', undefined, query)
        const text = await answer.text()
        if (!answer.ok) throw new Error(`The bucket was not listed: ${answer.status} ${text}`)
        keys.push(...Array.from(text.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key]) => key ?? ''))
        token = /<NextContinuationToken>([^<]*)</.exec(text)?.[1] ?? null
        if (token === null) break
      }
      return keys
    },
  }
}
