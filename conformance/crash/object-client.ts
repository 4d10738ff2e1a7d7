/** The few object requests the harness needs, signed with the key pair the server was started with. */
import { hash } from 'node:crypto'
import { presignS3, signS3Headers } from '@hallpass/signing/s3'
import { UnexpectedAnswer } from './rest-client.ts'

export interface ObjectClient {
  createBucket(): Promise<void>
  keepVersions(): Promise<void>
  /** Resolves to the status; rejects when the connection broke. */
  put(key: string, bytes: Uint8Array): Promise<number>
  /** The id of the version, if the bucket keeps any. */
  putVersion(key: string, bytes: Uint8Array): Promise<{ status: number; versionId: string }>
  remove(key: string): Promise<number>
  /** 200 if each of them went; else 500. */
  removeMany(named: readonly { key: string; versionId?: string }[]): Promise<number>
  copy(source: string, target: string): Promise<number>
  /** The id. Rejects with UnexpectedAnswer for a refusal, as do the parts. */
  openUpload(key: string): Promise<string>
  /** The ETag. */
  putPart(
    key: string,
    uploadId: string,
    part: { readonly number: number; readonly bytes: Uint8Array },
  ): Promise<string>
  /** The first part, with all of another object. */
  copyPart(key: string, uploadId: string, source: string): Promise<string>
  complete(key: string, uploadId: string, etags: readonly string[]): Promise<number>
  abort(key: string, uploadId: string): Promise<number>
  /** `null` if there is none. Rejects when the connection broke, or what came is not whole. */
  get(key: string, versionId?: string | null): Promise<FetchedObject | null>
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
    key: string | null = null,
    {
      body,
      query,
    }: { body?: Uint8Array<ArrayBuffer>; query?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    const { url } = presignS3({ ...address, method, key, query, expiresInSeconds: 300 })
    return fetch(url, { method, ...(body !== undefined && { body }) })
  }

  /** A request signed in its headers, as an SDK sends it. */
  function signed(
    method: string,
    key: string | null = null,
    more: {
      readonly query?: Readonly<Record<string, string>>
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    } = {},
  ): Promise<Response> {
    const { query, body } = more
    const { url, headers } = signS3Headers({
      ...address,
      method,
      key,
      query,
      headers: more.headers,
      payloadHash: 'UNSIGNED-PAYLOAD',
    })
    return fetch(url, { method, headers, ...(body !== undefined && { body }) })
  }

  async function statusOf(answering: Promise<Response>): Promise<number> {
    const answer = await answering
    await answer.arrayBuffer()
    return answer.status
  }

  /** What the document says under a name. */
  async function textOf(answering: Promise<Response>, element: string): Promise<string> {
    const answer = await answering
    const text = await answer.text()
    const found = new RegExp(`<${element}>([^<]+)<`).exec(text)?.[1]
    if (answer.status === 200 && found !== undefined) return found.replaceAll('&quot;', '"')
    throw new UnexpectedAnswer(`no ${element} in ${answer.status} ${text}`, answer.status)
  }

  const copySource = (key: string): Record<string, string> => ({
    'x-amz-copy-source': `/${bucket}/${encodeURIComponent(key)}`,
  })

  return {
    async createBucket() {
      const answer = await signed('PUT')
      const text = await answer.text()
      if (!answer.ok) throw new Error(`The bucket was not made: ${answer.status} ${text}`)
    },
    async keepVersions() {
      const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
      const status = await statusOf(signed('PUT', undefined, { query: { versioning: '' }, body }))
      if (status !== 200) throw new Error(`Versions are not kept: ${status}`)
    },
    put: (key, bytes) => statusOf(presigned('PUT', key, { body: Uint8Array.from(bytes) })),
    async putVersion(key, bytes) {
      const answer = await presigned('PUT', key, { body: Uint8Array.from(bytes) })
      await answer.arrayBuffer()
      return {
        status: answer.status,
        versionId: answer.headers.get('x-amz-version-id') ?? '',
      }
    },
    remove: (key) => statusOf(signed('DELETE', key)),
    async removeMany(named) {
      const objects = named.map(
        ({ key, versionId }) =>
          `<Object><Key>${key}</Key>${versionId === undefined ? '' : `<VersionId>${versionId}</VersionId>`}</Object>`,
      )
      const body = `<Delete>${objects.join('')}</Delete>`
      const headers = { 'content-md5': hash('md5', body, 'base64') }
      const answer = await signed('POST', undefined, { query: { delete: '' }, headers, body })
      const text = await answer.text()
      const gone = text.split('<Deleted>').length - 1
      return answer.status === 200 && gone !== named.length ? 500 : answer.status
    },
    copy: (source, target) => statusOf(signed('PUT', target, { headers: copySource(source) })),
    openUpload: (key) => textOf(signed('POST', key, { query: { uploads: '' } }), 'UploadId'),
    async putPart(key, uploadId, { number, bytes }) {
      const query = { partNumber: String(number), uploadId }
      const answer = await presigned('PUT', key, { body: Uint8Array.from(bytes), query })
      const text = await answer.text()
      const etag = answer.headers.get('etag')
      if (answer.status === 200 && etag !== null) return etag
      throw new UnexpectedAnswer(
        `part ${number} of ${key}: ${answer.status} ${text}`,
        answer.status,
      )
    },
    copyPart: (key, uploadId, source) =>
      textOf(
        signed('PUT', key, { query: { partNumber: '1', uploadId }, headers: copySource(source) }),
        'ETag',
      ),
    complete(key, uploadId, etags) {
      const parts = etags.map(
        (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
      )
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      return statusOf(signed('POST', key, { query: { uploadId }, body }))
    },
    abort: (key, uploadId) => statusOf(signed('DELETE', key, { query: { uploadId } })),
    async get(key, versionId = null) {
      const answer = await presigned('GET', key, versionId === null ? {} : { query: { versionId } })
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (answer.status === 404) return null
      if (answer.status !== 200) {
        const text = bytes.toString()
        throw new UnexpectedAnswer(`GET ${key}: ${answer.status} ${text}`, answer.status)
      }
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
        const answer = await signed('GET', undefined, { query })
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
