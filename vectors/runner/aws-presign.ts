/** URLs that SDKs presigned: made again to the same signature, verified, and refused after any change. */
import assert from 'node:assert/strict'
import type { Check } from './family.ts'
import { listOf, tamperCheck } from './family.ts'
import { parseBasicDate } from './moments.ts'
import { assertRefused, tamper } from './refusals.ts'
import { sortedParameters, splitUrl, toRawHeaders } from './requests.ts'
import type { S3Library } from './s3-library.ts'
import { placeOf } from './s3-place.ts'

interface PresignVector {
  readonly id: string
  readonly sign: {
    readonly method: string
    readonly scheme: string
    readonly host: string
    readonly path: string
    readonly query: readonly (readonly [string, string])[]
    readonly signedHeaders: Readonly<Record<string, string>>
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
    readonly region: string
    readonly service: string
    readonly date: string
    readonly expires: number
  }
  readonly expected: { readonly url: string; readonly signature: string }
}

export async function runPresignedUrls(
  content: unknown,
  library: S3Library,
  check: Check,
): Promise<void> {
  for (const vector of listOf(content, 'vectors') as unknown as PresignVector[]) {
    await check(`${vector.id} presign`, () => presignAgain(vector, library))
    await check(`${vector.id} verify`, () => verify(vector, library, {}))
    await check(tamperCheck(vector.id), () => refuseChanges(vector, library))
  }
}

function presignAgain({ expected, sign }: PresignVector, { presignS3 }: S3Library): void {
  const { host, ...headers } = sign.signedHeaders
  const { url } = presignS3({
    method: sign.method,
    ...placeOf(host ?? '', sign.path),
    endpoint: `${sign.scheme}://${host}`,
    region: sign.region,
    service: sign.service,
    credentials: sign,
    expiresInSeconds: sign.expires,
    now: parseBasicDate(sign.date),
    query: sign.query,
    headers,
    // The SDK signs dot segments.
    foldPath: false,
  })
  assert.equal(new URL(url).searchParams.get('X-Amz-Signature'), expected.signature)
  assert.equal(splitUrl(url).target.split('?')[0], splitUrl(expected.url).target.split('?')[0])
  assert.deepEqual(sortedParameters(url), sortedParameters(expected.url))
}

interface Changed {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
}

function verify({ expected, sign }: PresignVector, library: S3Library, changed: Changed): void {
  const verified = library.verifyS3(
    {
      method: changed.method ?? sign.method,
      target: changed.target ?? splitUrl(expected.url).target,
      headers: toRawHeaders({ ...sign.signedHeaders, ...changed.headers }),
    },
    {
      region: sign.region,
      now: parseBasicDate(sign.date),
      lookup: (id) => (id === sign.accessKeyId ? sign : null),
    },
  )
  assert.equal(verified.kind, 'query')
  assert.equal(verified.path, decodeURIComponent(sign.path))
  assert.equal(
    verified.expiresAt?.getTime(),
    parseBasicDate(sign.date).getTime() + sign.expires * 1000,
  )
  for (const [name, value] of sign.query) assert.equal(verified.query.get(name), value)
}

/** Each part that is signed, changed by one character. */
function refuseChanges(vector: PresignVector, library: S3Library): void {
  const { expected, sign } = vector
  const { target } = splitUrl(expected.url)
  const refuse = (changed: Changed, what: string): void =>
    assertRefused(() => verify(vector, library, changed), what)
  refuse({ method: sign.method === 'GET' ? 'HEAD' : 'GET' }, 'another method')
  const mark = target.indexOf('?')
  // Long ones are changed at a hundred and fifty places.
  const step = Math.ceil(target.length / 150)
  for (let index = 1; index < target.length; index += step) {
    // Names and separators change what a parameter is; values and path are enough here, and their escapes too.
    if (index === mark || '&=%'.includes(target[index] ?? '')) continue
    const changed = tamper(target, index)
    if (changed !== target) refuse({ target: changed }, `a change at ${index}`)
  }
  for (const [name, value] of Object.entries(sign.signedHeaders)) {
    refuse({ headers: { [name]: `${value}x` } }, `another ${name}`)
  }
  const pieces = target.slice(mark + 1).split('&')
  for (const piece of pieces) {
    const others = pieces.filter((other) => other !== piece)
    refuse({ target: `${target.slice(0, mark)}?${others.join('&')}` }, `without ${piece}`)
  }
  refuse({ target: `${target}&versionId=1x` }, 'a parameter more')
}
