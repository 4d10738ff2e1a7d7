/** Links of Alibaba OSS, Tencent COS and Imgix, and HTTP message signatures: made again where that is known, and verified. */
import assert from 'node:assert/strict'
import type { RawRequest } from '@hallpass/signing'
import type * as cos from '@hallpass/signing/cos'
import type * as http from '@hallpass/signing/http-signatures'
import type * as imgix from '@hallpass/signing/imgix'
import type * as oss from '@hallpass/signing/oss'
import type { Check, JsonRecord, LoadEntry, VectorFamily } from './family.ts'
import { isRecord, listOf, tamperCheck } from './family.ts'
import { atSeconds } from './moments.ts'
import { optional } from './optional.ts'
import { isSameDecoded, refuseBitFlips } from './refusals.ts'
import { toRequest } from './requests.ts'

interface Vector {
  readonly id: string
  readonly dialect: string
  readonly inputs: { readonly args: unknown }
  readonly expected: { readonly url: string; readonly input: string; readonly signature: string }
}

type Run = (vector: Vector, loadEntry: LoadEntry, check: Check) => Promise<void>

/** Verified, and refused after any change of one bit of its target. */
async function checkUrl(
  vector: Vector,
  verify: (request: RawRequest) => unknown,
  { check, more = {} }: { readonly check: Check; readonly more?: Partial<RawRequest> },
): Promise<void> {
  const { id, expected } = vector
  const request = toRequest(expected.url, more)
  const verifyTarget = (target: string): unknown => verify({ ...request, target })
  await check(`${id} verify`, () => void verifyTarget(request.target))
  await check(tamperCheck(id), () =>
    refuseBitFlips(request.target, verifyTarget, {
      isSame: (changed) =>
        isSameDecoded(changed, request.target) ||
        (vector.dialect === 'cos' && hasSameName(changed, request.target)),
    }),
  )
}

/** COS signs the names of parameters in lower case: their own case is not signed. */
function hasSameName(changed: string, target: string): boolean {
  const [name, other] = [changed, target].map((text) => /\?[^=]*/.exec(text)?.[0] ?? '')
  const isName = name !== other && name?.toLowerCase() === other?.toLowerCase()
  return isName && changed.replace(name ?? '', '') === target.replace(other ?? '', '')
}

interface OssArguments
  extends oss.OssCredentials, Pick<oss.OssRequest, 'method' | 'bucket' | 'key'> {
  readonly endpoint: string
  readonly expires: number
  readonly contentType?: string
  readonly query?: Readonly<Record<string, string>>
}

const runOss: Run = async (vector, loadEntry, check) => {
  const library = (await loadEntry('oss')) as typeof oss
  const args = vector.inputs.args as OssArguments
  const { accessKeyId, accessKeySecret, securityToken, endpoint, method, bucket, key } = args
  const credentials = { accessKeyId, accessKeySecret, ...optional('securityToken', securityToken) }
  await check(`${vector.id} sign`, () => {
    const signed = library.presignOss({
      credentials,
      endpoint,
      method,
      bucket,
      key,
      expiresAt: atSeconds(args.expires),
      ...optional('contentType', args.contentType),
      ...optional('query', args.query),
    })
    assert.equal(signed.url, vector.expected.url)
  })
  const headers = args.contentType === undefined ? [] : ['Content-Type', args.contentType]
  const lookup = (id: string) => (id === accessKeyId ? credentials : null)
  const options = { now: atSeconds(args.expires), lookup }
  await checkUrl(vector, (request) => library.verifyOss(request, options), {
    check,
    more: { method, headers },
  })
}

interface CosArguments extends cos.CosCredentials, Pick<cos.CosRequest, 'method' | 'key'> {
  readonly endpoint: string
  readonly start: number
  readonly expires: number
  readonly query?: Readonly<Record<string, string>>
}

const runCos: Run = async (vector, loadEntry, check) => {
  const library = (await loadEntry('cos')) as typeof cos
  const { secretId, secretKey, endpoint, start, expires, method, key, query } = vector.inputs
    .args as CosArguments
  const credentials = { secretId, secretKey }
  await check(`${vector.id} sign`, () => {
    const signed = library.presignCos({
      credentials,
      endpoint,
      method,
      key,
      now: atSeconds(start),
      expiresAt: atSeconds(expires),
      ...optional('query', query),
    })
    assert.equal(signed.url, vector.expected.url)
  })
  const lookup = (id: string) => (id === secretId ? credentials : null)
  const options = { now: atSeconds(expires), lookup }
  await checkUrl(vector, (request) => library.verifyCos(request, options), {
    check,
    more: { method },
  })
}

const runImgix: Run = async (vector, loadEntry, check) => {
  const library = (await loadEntry('imgix')) as typeof imgix
  const { token } = vector.inputs.args as { readonly token: string }
  // Every spelling is signed, so none is another's twin.
  const verify = (request: RawRequest): unknown => library.verifyImgix(request, { tokens: [token] })
  await checkUrl(vector, verify, { check })
}

interface HttpArguments {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  /** In base64. */
  readonly secret: string
  readonly required: readonly string[]
  readonly created: number
}

const runHttp: Run = async ({ id, inputs, expected }, loadEntry, check) => {
  const library = (await loadEntry('http-signatures')) as typeof http
  const { method, url, headers, secret, required, created } = inputs.args as HttpArguments
  const bytes = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0))
  const key = { algorithm: 'hmac-sha256', secret: bytes } as const
  const verify = (input: string): unknown =>
    library.verifyHttpRequest(
      toRequest(url, {
        method,
        headers: [...headers.flat(), 'Signature-Input', input, 'Signature', expected.signature],
      }),
      { now: atSeconds(created), lookup: () => key, required },
    )
  await check(`${id} verify`, () => void verify(expected.input))
  await check(tamperCheck(id), () => refuseBitFlips(expected.input, verify))
}

const RUNS: Readonly<Record<string, Run>> = {
  oss: runOss,
  cos: runCos,
  imgix: runImgix,
  'http-signatures': runHttp,
}

export const further: VectorFamily = {
  name: 'further schemes',
  accepts: ({ content }) => isRecord(content) && content['file'] === 'further-schemes',
  async run({ content }, loadEntry, check) {
    for (const vector of listOf(content, 'vectors')) {
      await runOf(vector)(vector as unknown as Vector, loadEntry, check)
    }
  },
}

function runOf({ dialect }: JsonRecord): Run {
  const run = RUNS[String(dialect)]
  assert.ok(run, `no vectors of ${String(dialect)} can be run`)
  return run
}
