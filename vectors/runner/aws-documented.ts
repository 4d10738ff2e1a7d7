/** The worked examples of the S3 documentation, chunked uploads and the browser form among them. */
import assert from 'node:assert/strict'
import { fromText, sha256Hex } from './bytes.ts'
import type { Check } from './family.ts'
import { isRecord, listOf } from './family.ts'
import { fieldOf, policyOf } from './post-fields.ts'
import { parseBasicDate } from './moments.ts'
import { assertRefused } from './refusals.ts'
import { splitUrl, toRawHeaders } from './requests.ts'
import type { S3Library } from './s3-library.ts'
import { placeOf } from './s3-place.ts'

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

interface Chunk {
  readonly size: number
  readonly fill: string
  readonly signature: string
  readonly headerLine: string
}

interface Example {
  readonly id: string
  readonly kind: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly query: string
    readonly headers: Readonly<Record<string, string>>
    readonly payloadHash: string
    readonly host: string
    readonly key: string
    readonly expires: number
  }
  readonly signature: string
  readonly authorization: string
  readonly url: string
  readonly chunks: readonly Chunk[]
  readonly trailer?: { readonly line: string; readonly signature: string }
  readonly wireBody: { readonly length: number; readonly sha256: string }
  readonly fields: Readonly<Record<string, string>>
}

export async function runDocumentedExamples(
  content: unknown,
  library: S3Library,
  check: Check,
): Promise<void> {
  assert.ok(isRecord(content))
  const credentials = content['credentials'] as Credentials
  for (const example of listOf(content, 'examples') as unknown as Example[]) {
    await check(example.id, () => runExample(example, credentials, library))
  }
}

function runExample(example: Example, credentials: Credentials, library: S3Library): void {
  if (example.kind === 'presign') runPresign(example, credentials, library)
  else if (example.kind === 'post') runPost(example, credentials, library)
  else if (example.kind === 'header') runHeader(example, credentials, library)
  else runChunked(example, credentials, library)
}

function runPresign(example: Example, credentials: Credentials, library: S3Library): void {
  const { request } = example
  const parameters = new URL(example.url).searchParams
  const now = parseBasicDate(parameters.get('X-Amz-Date') ?? '')
  const region = regionOf(parameters.get('X-Amz-Credential') ?? '')
  const { url } = library.presignS3({
    method: request.method,
    key: request.key,
    endpoint: `https://${request.host}`,
    region,
    credentials,
    expiresInSeconds: request.expires,
    now,
  })
  assert.equal(url, example.url)
  const { target } = splitUrl(url)
  const raw = { method: request.method, target, headers: ['Host', request.host] }
  library.verifyS3(raw, { region, now, lookup: () => credentials })
}

/** The third part of a credential: `AKID/20130524/us-east-1/s3/aws4_request`. */
function regionOf(credential: string): string {
  return credential.split('/')[2] ?? ''
}

function runHeader(
  example: Example,
  credentials: Credentials,
  library: S3Library,
): ReturnType<S3Library['verifyS3']> {
  const { request } = example
  const { host = '', 'x-amz-date': date = '', ...others } = request.headers
  const { 'x-amz-content-sha256': payloadHash = '', ...headers } = others
  const now = parseBasicDate(date)
  const region = regionOf(example.authorization)
  const signed = library.signS3Headers({
    method: request.method,
    ...placeOf(host, request.path),
    endpoint: `https://${host}`,
    region,
    credentials,
    now,
    query: request.query
      .split('&')
      .filter((piece) => piece !== '')
      .map((piece): [string, string] => {
        const [name = '', value = ''] = piece.split('=')
        return [name, value]
      }),
    headers,
    payloadHash,
  })
  assert.match(signed.headers['authorization'] ?? '', new RegExp(`Signature=${example.signature}$`))
  const target = request.query === '' ? request.path : `${request.path}?${request.query}`
  const verify = (changed: { target?: string; authorization?: string }) =>
    library.verifyS3(
      {
        method: request.method,
        target: changed.target ?? target,
        headers: toRawHeaders({
          ...request.headers,
          authorization: changed.authorization ?? example.authorization,
        }),
      },
      { region, now, lookup: () => credentials },
    )
  assertRefused(() => verify({ target: `${request.path}x` }), 'another path')
  assertRefused(
    () =>
      verify({
        authorization:
          example.authorization.slice(0, -1) + (example.authorization.endsWith('0') ? '1' : '0'),
      }),
    'another signature',
  )
  return verify({})
}

function runChunked(example: Example, credentials: Credentials, library: S3Library): void {
  const verified = runHeader(example, credentials, library)
  const wire = wireBody(example)
  assert.equal(wire.length, example.wireBody.length)
  assert.equal(sha256Hex(wire), example.wireBody.sha256)
  assert.equal(verified.payload.kind, 'streaming')
  const size = example.chunks.reduce((sum, chunk) => sum + chunk.size, 0)
  for (const pieceLength of [wire.length, 1000, 1]) {
    // The signatures inside a body are good for one run, so each takes a verification of its own.
    const { payload } = runHeader(example, credentials, library)
    assert.ok(payload.kind === 'streaming')
    const decoder = library.createChunkedBodyDecoder(payload)
    let length = 0
    for (let at = 0; at < wire.length; at += pieceLength) {
      for (const slice of decoder.push(wire.subarray(at, at + pieceLength))) length += slice.length
    }
    const trailers = decoder.end()
    assert.equal(length, size)
    assert.equal(trailers.size, example.trailer === undefined ? 0 : 1)
  }
}

function wireBody(example: Example): Uint8Array {
  const parts: string[] = []
  for (const { fill, headerLine, size } of example.chunks) {
    parts.push(`${headerLine}\r\n`)
    if (size > 0) parts.push(fill.repeat(size), '\r\n')
  }
  if (example.trailer !== undefined) {
    const { line, signature } = example.trailer
    parts.push(`${line}\r\nx-amz-trailer-signature:${signature}\r\n`)
  }
  parts.push('\r\n')
  return fromText(parts.join(''))
}

function runPost({ fields }: Example, credentials: Credentials, library: S3Library): void {
  const verify = (changed: Readonly<Record<string, string>>) =>
    library.verifyS3PostPolicy(
      { fields: changed, file: { filename: 'photo.jpg', size: 100 } },
      {
        bucket: policyOf(fields).bucket,
        region: regionOf(fieldOf(fields, 'x-amz-credential')),
        now: parseBasicDate(fieldOf(fields, 'x-amz-date')),
        lookup: () => credentials,
      },
    )
  const key = fieldOf(fields, 'key').replace('${filename}', 'photo.jpg')
  assert.equal(verify(fields).objectKey, key)
  assertRefused(() => verify({ ...fields, acl: 'private' }), 'another acl')
}
