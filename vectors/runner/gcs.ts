/**
 * Google Cloud Storage's vectors: the official ones, what the SDK made, and requests to take or refuse. The ones with
 * Amazon's names are run as what they are, through the entry of S3.
 */
import assert from 'node:assert/strict'
import type * as gcs from '@hallpass/signing/gcs'
import { fromBase64, toBase64, toText } from './bytes.ts'
import type { Check, JsonRecord, VectorFamily, VectorFile, Waiting } from './family.ts'
import { isRecord, listOf, tamperCheck } from './family.ts'
import type { OfficialPostVector, OfficialUrlVector, SdkVector } from './gcs-vectors.ts'
import {
  isSameRequest,
  lookupOf,
  officialPostOptions,
  officialUrlOptions,
  requestOfVector,
  sdkOptions,
  sdkPostOptions,
} from './gcs-vectors.ts'
import { runPresignedUrls } from './aws-presign.ts'
import { parseBasicDate } from './moments.ts'
import { assertRefusedLater, refuseBitFlips } from './refusals.ts'
import { assertSameUrl, toRequest } from './requests.ts'
import type { S3Library } from './s3-library.ts'
import type { VectorKeys } from './vector-keys.ts'

/** RSA takes its time. */
const SLOW = { bits: [0], every: 3 }

type Library = Waiting<typeof gcs>

/** What one run of a file has in hand. */
interface Bench {
  readonly library: Library
  readonly keys: VectorKeys
  readonly check: Check
}

interface DerivedVector {
  readonly id: string
  readonly now: string
  readonly server: { readonly clientEmail: string; readonly publicKey: string }
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
  }
  readonly expect: { readonly allow: boolean; readonly code?: string }
}

/** Which of the library's errors stands behind which of the service's answers; of any other answer only the refusal counts. */
const SERVICE_CODES: Readonly<Record<string, readonly string[]>> = {
  ExpiredToken: ['signature-expired'],
  SignatureDoesNotMatch: ['signature-mismatch', 'header-missing'],
}

async function runOfficial(content: unknown, bench: Bench): Promise<void> {
  for (const vector of listOf(content, 'signingV4Tests') as unknown as OfficialUrlVector[]) {
    await runOfficialUrl(vector, bench)
  }
  for (const vector of listOf(content, 'postPolicyV4Tests') as unknown as OfficialPostVector[]) {
    await runOfficialForm(vector, bench)
  }
}

async function runOfficialUrl(
  vector: OfficialUrlVector,
  { library, keys, check }: Bench,
): Promise<void> {
  const { description } = vector
  const request = toRequest(vector.expectedUrl, {
    method: vector.method,
    headers: Object.entries(vector.headers ?? {}).flat(),
  })
  const rules = (): gcs.VerifyGcsOptions => {
    const publicKey = keys.servicePublicKey()
    return { lookup: () => ({ publicKey }), now: new Date(vector.timestamp) }
  }
  await check(`${description} presign`, async () => {
    const options = officialUrlOptions(vector, keys)
    const { url } = await library.presignGcs(options)
    assertSameUrl(url, vector.expectedUrl)
    assert.equal((await library.presignGcsAsync(options)).url, url)
  })
  await check(`${description} verify`, async () => {
    const verified = await library.verifyGcs(request, rules())
    assert.deepEqual(await library.verifyGcsAsync(request, rules()), verified)
    const end = Date.parse(vector.timestamp) + vector.expiration * 1000
    assert.equal(verified.expiresAt.getTime(), end)
  })
  await check(tamperCheck(description), () => {
    const options = rules()
    return refuseBitFlips(
      request.target,
      (target) => library.verifyGcs({ ...request, target }, options),
      {
        start: 1,
        ...SLOW,
        isSame: (target) => isSameRequest(request.target, target),
      },
    )
  })
}

async function runOfficialForm(
  vector: OfficialPostVector,
  { library, keys, check }: Bench,
): Promise<void> {
  const { description, policyInput, policyOutput } = vector
  await check(`${description} create`, async () => {
    const { url, fields } = await library.createGcsPostPolicy(officialPostOptions(vector, keys))
    assert.equal(url, policyOutput.url)
    assert.deepEqual({ ...fields }, { ...policyOutput.fields })
    const policy: unknown = JSON.parse(toText(fromBase64(fields['policy'] ?? '')))
    assert.deepEqual(policy, JSON.parse(policyOutput.expectedDecodedPolicy))
  })
  await check(`${description} verify`, async () => {
    const form = Object.entries(policyOutput.fields)
    // A policy may want a field that the vector does not fill in.
    const { startsWith } = policyInput.conditions ?? {}
    const name = startsWith?.[0].slice(1) ?? ''
    const isMissing = startsWith !== undefined && !Object.hasOwn(policyOutput.fields, name)
    await library.verifyGcsPostPolicy(isMissing ? [...form, [name, `${startsWith[1]}x`]] : form, {
      bucket: policyInput.bucket,
      lookup: () => ({ publicKey: keys.servicePublicKey() }),
      now: new Date(policyInput.timestamp),
    })
  })
}

async function runSdkFile(
  vectors: readonly JsonRecord[],
  bench: Bench,
  s3: S3Library,
): Promise<void> {
  const interop = vectors.filter((vector) => vector['kind'] === 'interop').map(withAmazonNames)
  await runPresignedUrls({ vectors: interop }, s3, bench.check)
  for (const vector of vectors as unknown as SdkVector[]) {
    if (vector.kind === 'post') await runForm(vector, bench)
    else if (vector.kind !== 'interop') await runUrl(vector, bench)
  }
}

/** The same facts under the names the vectors of S3 have. */
function withAmazonNames(vector: JsonRecord): JsonRecord {
  const sign = vector['sign'] as JsonRecord
  const { accessId: accessKeyId, secret: secretAccessKey, location: region } = sign
  return { ...vector, sign: { ...sign, accessKeyId, secretAccessKey, region } }
}

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH']

async function runUrl(vector: SdkVector, { library, keys, check }: Bench): Promise<void> {
  const { id, kind, sign } = vector
  const request = requestOfVector(vector)
  const options = { lookup: lookupOf(vector, keys), now: parseBasicDate(sign.date) }
  await check(`${id} presign`, () => presignAgain(vector, library, keys))
  await check(`${id} verify`, async () => {
    const verified = await library.verifyGcs(request, options)
    assert.deepEqual(await library.verifyGcsAsync(request, options), verified)
    for (const method of METHODS.filter((other) => other !== sign.method)) {
      const verify = (): unknown => library.verifyGcs({ ...request, method }, options)
      await assertRefusedLater(verify, method, ['signature-mismatch'])
    }
  })
  await check(tamperCheck(id), async () => {
    const pace = kind === 'rsa' ? SLOW : {}
    await refuseBitFlips(
      request.target,
      (target) => library.verifyGcs({ ...request, target }, options),
      {
        start: 1,
        ...pace,
        isSame: (target) => isSameRequest(request.target, target),
      },
    )
    for (let index = 1; index < request.headers.length; index += 2) {
      const value = request.headers[index] ?? ''
      const verify = (changed: string): unknown =>
        library.verifyGcs({ ...request, headers: request.headers.with(index, changed) }, options)
      await refuseBitFlips(value, verify, {
        ...pace,
        isSame: (changed) => mayCollapse(value, changed),
      })
    }
  })
}

/** Blanks around and inside a header's value are folded before they are signed: a changed blank may be no change. */
function mayCollapse(value: string, changed: string): boolean {
  return /^\s|\s$|\t/.test(changed) || /\s\s/.test(value)
}

async function presignAgain(vector: SdkVector, library: Library, keys: VectorKeys): Promise<void> {
  const { expected, sign } = vector
  const options = sdkOptions(vector, keys)
  const { url, headers } = await library.presignGcs(options)
  assertSameUrl(url, expected.url)
  const { host: _, ...wanted } = sign.signedHeaders
  assert.deepEqual(
    Object.keys(headers).toSorted(),
    Object.keys(wanted)
      .map((name) => name.toLowerCase())
      .toSorted(),
  )
  assert.equal((await library.presignGcsAsync(options)).url, url)
  const { signBlob } = expected
  if (signBlob === undefined) return
  const payloads: string[] = []
  const remote = {
    clientEmail: sign.clientEmail,
    signBlob: (bytes: Uint8Array) => {
      payloads.push(toBase64(bytes))
      return Promise.resolve(fromBase64(signBlob.signedBlob))
    },
  }
  assert.equal((await library.presignGcsAsync({ ...options, key: remote })).url, url)
  assert.deepEqual(payloads, [signBlob.payload])
}

async function runForm(vector: SdkVector, { library, keys, check }: Bench): Promise<void> {
  const { id, expected, inputs } = vector
  const form = Object.entries(expected.fields)
  const rules = {
    bucket: inputs.bucket,
    lookup: lookupOf(vector, keys),
    now: new Date(inputs.clock),
    size: sizeInside(vector),
  }
  await check(`${id} create`, async () => {
    const options = sdkPostOptions(vector, keys)
    const created = await library.createGcsPostPolicy(options)
    assert.equal(created.url, expected.url)
    assert.deepEqual({ ...created.fields }, { ...expected.fields })
    assert.deepEqual(await library.createGcsPostPolicyAsync(options), created)
  })
  await check(`${id} verify`, async () => {
    const verified = await library.verifyGcsPostPolicy(form, rules)
    assert.equal(verified.key, inputs.object)
    assert.deepEqual(await library.verifyGcsPostPolicyAsync(form, rules), verified)
  })
  await check(tamperCheck(id), async () => {
    for (const [index, [name, value]] of form.entries()) {
      if (name.startsWith('x-ignore-')) continue
      await refuseBitFlips(
        value,
        (changed) => library.verifyGcsPostPolicy(form.with(index, [name, changed]), rules),
        SLOW,
      )
    }
  })
}

/** A size that the form's conditions allow. */
function sizeInside({ inputs }: SdkVector): number {
  const range = inputs.config?.conditions?.find(([kind]) => kind === 'content-length-range')
  return range === undefined ? 10 : Number(range[1])
}

async function runDerived(
  { now, server, request, expect, id }: DerivedVector,
  library: Library,
): Promise<void> {
  const raw = toRequest(request.url, {
    method: request.method,
    headers: Object.entries(request.headers).flat(),
  })
  const verify = (): unknown =>
    library.verifyGcs(raw, {
      now: new Date(now),
      lookup: (keyId) => (keyId === server.clientEmail ? { publicKey: server.publicKey } : null),
    })
  if (expect.allow) await verify()
  else await assertRefusedLater(verify, id, SERVICE_CODES[expect.code ?? ''])
}

function kindOf({ content }: VectorFile): 'official' | 'sdk' | 'derived' | null {
  if (listOf(content, 'signingV4Tests').length > 0) return 'official'
  const vectors = listOf(content, 'vectors')
  const isGoogle = ({ sign }: JsonRecord): boolean =>
    isRecord(sign) && String(sign['algorithm']).startsWith('GOOG4-')
  if (vectors.some(isGoogle)) return 'sdk'
  const server = vectors[0]?.['server']
  return isRecord(server) && 'clientEmail' in server ? 'derived' : null
}

export const gcsFamily: VectorFamily = {
  name: 'gcs',
  accepts: (file) => kindOf(file) !== null,
  async run(file, loadEntry, check) {
    const library = (await loadEntry('gcs')) as Library
    const bench = { library, keys: file.keys, check }
    const kind = kindOf(file)
    const vectors = listOf(file.content, 'vectors')
    if (kind === 'official') await runOfficial(file.content, bench)
    else if (kind === 'sdk') {
      await runSdkFile(vectors, bench, (await loadEntry('s3')) as S3Library)
    } else {
      for (const vector of vectors as unknown as DerivedVector[]) {
        await check(vector.id, () => runDerived(vector, library))
      }
    }
  },
}
