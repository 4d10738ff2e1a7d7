/** Requests that a server must take or refuse, bodies in chunks among them. */
import { assertAnswer } from './aws-answers.ts'
import { crc32, fromBase64, sha256Hex, toBase64 } from './bytes.ts'
import type { Check } from './family.ts'
import { listOf } from './family.ts'
import { splitUrl, toRawHeaders } from './requests.ts'
import type { S3Library } from './s3-library.ts'

interface DerivedVector {
  readonly id: string
  readonly now: string
  readonly server: {
    readonly region: string
    readonly accessKeyId: string
    readonly secretAccessKey: string
  }
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers?: Readonly<Record<string, string>>
    readonly bodyBase64?: string
  }
  readonly expect: { readonly allow: boolean; readonly code?: string | readonly string[] }
}

export async function runDerivedRequests(
  content: unknown,
  library: S3Library,
  check: Check,
): Promise<void> {
  for (const vector of listOf(content, 'vectors') as unknown as DerivedVector[]) {
    const { code } = vector.expect
    // Whether a body has the checksum it came with is judged after the signature, by whoever stores it.
    const isChecksum = code === 'XAmzContentSHA256Mismatch' || code === 'BadDigest'
    await check(vector.id, () => {
      if (!isChecksum) return assertAnswer(() => serve(vector, library), vector.expect)
      if (serve(vector, library) !== code) throw new Error(`${code} was not seen`)
    })
  }
}

/** Verifies the request and its body as a server would; gives the code of a wrong checksum, or `null`. */
function serve(vector: DerivedVector, library: S3Library): string | null {
  const { request, server } = vector
  const { host, target } = splitUrl(request.url)
  const { payload } = library.verifyS3(
    { method: request.method, target, headers: toRawHeaders({ host, ...request.headers }) },
    {
      region: server.region,
      now: new Date(vector.now),
      lookup: (id) => (id === server.accessKeyId ? server : null),
    },
  )
  const body = fromBase64(request.bodyBase64 ?? '')
  if (payload.kind === 'sha256') {
    const actual = sha256Hex(body)
    return actual === payload.sha256 ? null : 'XAmzContentSHA256Mismatch'
  }
  if (payload.kind !== 'streaming') return null
  const decoder = library.createChunkedBodyDecoder(payload)
  let checksum = 0
  for (let at = 0; at < body.length; at += 777) {
    for (const slice of decoder.push(body.subarray(at, at + 777))) checksum = crc32(slice, checksum)
  }
  const expected = decoder.end().get('x-amz-checksum-crc32')
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, checksum)
  return expected === undefined || expected === toBase64(bytes) ? null : 'BadDigest'
}
