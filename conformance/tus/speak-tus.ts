/** Speaks tus 1.0 by hand, so that a test can say what no client would. */
import type { RunningServer } from '../lib/start-server.ts'

export const BYTES = 'application/offset+octet-stream'

export interface TusAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of the refusal; `''` if there is none. */
  readonly code: string
}

export type Fields = Readonly<Record<string, string>>

export interface Sent {
  readonly headers?: Fields
  readonly body?: BodyInit
}

export async function speak(method: string, url: string, sent: Sent = {}): Promise<TusAnswer> {
  const { body, headers = {} } = sent
  const response = await fetch(url, {
    method,
    headers: { 'Tus-Resumable': '1.0.0', ...headers },
    ...(body !== undefined && { body, duplex: 'half' }),
  })
  const text = await response.text()
  const isProblem = text !== '' && /problem/.test(response.headers.get('content-type') ?? '')
  const code = isProblem ? (JSON.parse(text) as { readonly code: string }).code : ''
  return { status: response.status, headers: response.headers, text, code }
}

export function describe(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

export function withKey({ adminKey }: RunningServer): Fields {
  return { Authorization: `Bearer ${adminKey}` }
}

export interface Upload {
  readonly url: string
  readonly append: (offset: number, bytes: BodyInit, headers?: Fields) => Promise<TusAnswer>
  readonly look: () => Promise<TusAnswer>
  readonly offset: () => Promise<number>
  readonly end: () => Promise<TusAnswer>
}

/** An upload that was begun, by the admin key unless said otherwise. */
export async function begin(
  server: RunningServer,
  headers: Fields,
  {
    endpoint = '/-/tus',
    key = withKey(server),
  }: { readonly endpoint?: string; readonly key?: Fields } = {},
): Promise<Upload> {
  const begun = await speak('POST', server.origin + endpoint, { headers: { ...key, ...headers } })
  if (begun.status !== 201) throw new Error(`${begun.status}: ${begun.text}`)
  return uploadAt(new URL(begun.headers.get('location') ?? '', server.origin).href, key)
}

export function uploadAt(url: string, key: Fields): Upload {
  const look = (): Promise<TusAnswer> => speak('HEAD', url, { headers: key })
  return {
    url,
    look,
    append: (offset, body, headers = {}) =>
      speak('PATCH', url, {
        headers: { ...key, 'Content-Type': BYTES, 'Upload-Offset': String(offset), ...headers },
        body,
      }),
    offset: async () => Number((await look()).headers.get('upload-offset')),
    end: () => speak('DELETE', url, { headers: key }),
  }
}

/** `''` for a file that is not there. */
export async function textOf({ core }: RunningServer, key: string): Promise<string> {
  const file = await core.files.find({ bucket: 'acme', key })
  const body = file === null ? null : await core.files.open(file, null, AbortSignal.timeout(60_000))
  if (body?.kind === 'bytes') return Buffer.from(body.bytes).toString()
  if (body?.kind !== 'reader' || file === null) return ''
  const bytes = Buffer.alloc(file.size)
  for (let size = 0; size < file.size;) {
    const count = await body.reader.readInto(bytes.subarray(size))
    if (count === 0) break
    size += count
  }
  await body.reader.close()
  return bytes.toString()
}
