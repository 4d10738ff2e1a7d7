/**
 * Google Cloud Storage's vectors: the official ones, what the SDK made, and requests to take or refuse. The ones with
 * Amazon's names are run as what they are, through the entry of S3.
 */
import assert from 'node:assert/strict'
import type * as gcs from '@hallpass/signing/gcs'
import { requestOf } from '../../packages/signing/test/dialects/cloud-support.ts'
import type {
  OfficialPostVector,
  OfficialUrlVector,
  SdkVector,
} from '../../packages/signing/test/dialects/gcs/vectors.ts'
import {
  isSameRequest,
  lookup,
  officialPostOptions,
  officialPublicKey,
  officialUrlOptions,
  parseDate,
  requestOfVector,
  sdkOptions,
  sdkPostOptions,
} from '../../packages/signing/test/dialects/gcs/vectors.ts'
import { runPresignedUrls } from './aws-presign.ts'
import type { S3Library } from './aws-shapes.ts'
import { assertRefused, sortedParameters } from './aws-shapes.ts'
import { refuseBitFlips } from './cdn-shapes.ts'
import type { Check, JsonRecord, LoadEntry, VectorFamily, VectorFile } from './family.ts'
import { isRecord, listOf } from './family.ts'

type Library = typeof gcs

interface DerivedVector {
  readonly id: string
  readonly now: string
  readonly server: { readonly clientEmail: string; readonly publicKey: string }
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
  }
  readonly expect: { readonly allow: boolean }
}

function assertSameUrl(url: string, expected: string): void {
  assert.equal(url.split('?')[0], expected.split('?')[0])
  assert.deepEqual(sortedParameters(url), sortedParameters(expected))
}

async function runOfficial(content: unknown, library: Library, check: Check): Promise<void> {
  for (const vector of listOf(content, 'signingV4Tests') as unknown as OfficialUrlVector[]) {
    const request = requestOf(vector.expectedUrl, {
      method: vector.method,
      extraHeaders: Object.entries(vector.headers ?? {}).flat(),
    })
    const options = {
      lookup: () => ({ publicKey: officialPublicKey }),
      now: new Date(vector.timestamp),
    }
    await check(`${vector.description} presign`, () =>
      assertSameUrl(library.presignGcs(officialUrlOptions(vector)).url, vector.expectedUrl),
    )
    await check(`${vector.description} verify`, () => {
      library.verifyGcs(request, options)
    })
    await check(`${vector.description} tamper`, () =>
      refuseBitFlips(
        request.target,
        (target) => library.verifyGcs({ ...request, target }, options),
        { start: 1, bits: [0], isSame: (target) => isSameRequest(request.target, target) },
      ),
    )
  }
  for (const vector of listOf(content, 'postPolicyV4Tests') as unknown as OfficialPostVector[]) {
    await check(`${vector.description} create`, () => {
      const { url, fields } = library.createGcsPostPolicy(officialPostOptions(vector))
      assert.equal(url, vector.policyOutput.url)
      assert.deepEqual({ ...fields }, { ...vector.policyOutput.fields })
    })
    await check(`${vector.description} verify`, () => {
      const { policyInput, policyOutput } = vector
      const form = Object.entries(policyOutput.fields)
      // One policy wants a field that the vector does not fill in.
      const acl = policyInput.conditions?.startsWith?.[0] === '$acl'
      library.verifyGcsPostPolicy(acl ? [...form, ['acl', 'public-read']] : form, {
        bucket: policyInput.bucket,
        lookup: () => ({ publicKey: officialPublicKey }),
        now: new Date(policyInput.timestamp),
      })
    })
  }
}

async function runSdkFile(
  vectors: readonly JsonRecord[],
  library: Library,
  loadEntry: LoadEntry,
  check: Check,
): Promise<void> {
  const interop = vectors.filter((vector) => vector['kind'] === 'interop').map(withAmazonNames)
  const s3 = (await loadEntry('s3')) as S3Library
  await runPresignedUrls({ vectors: interop }, s3, check)
  for (const vector of vectors as unknown as SdkVector[]) {
    if (vector.kind === 'post') await runForm(vector, library, check)
    else if (vector.kind !== 'interop') await runUrl(vector, library, check)
  }
}

/** The same facts under the names the vectors of S3 have. */
function withAmazonNames(vector: JsonRecord): JsonRecord {
  const sign = vector['sign'] as JsonRecord
  const { accessId: accessKeyId, secret: secretAccessKey, location: region } = sign
  return { ...vector, sign: { ...sign, accessKeyId, secretAccessKey, region } }
}

async function runUrl(vector: SdkVector, library: Library, check: Check): Promise<void> {
  const { id, expected, kind, sign } = vector
  const request = requestOfVector(vector)
  const options = { lookup, now: parseDate(sign.date) }
  await check(`${id} presign`, () =>
    assertSameUrl(library.presignGcs(sdkOptions(vector)).url, expected.url),
  )
  await check(`${id} verify`, () => {
    library.verifyGcs(request, options)
  })
  await check(`${id} tamper`, () => {
    refuseBitFlips(request.target, (target) => library.verifyGcs({ ...request, target }, options), {
      start: 1,
      ...(kind === 'rsa' ? { bits: [0] } : {}),
      isSame: (target) => isSameRequest(request.target, target),
    })
    assertRefused(() => library.verifyGcs({ ...request, method: 'PATCH' }, options), 'a method')
  })
}

async function runForm(vector: SdkVector, library: Library, check: Check): Promise<void> {
  const { id, expected, inputs } = vector
  const form = Object.entries(expected.fields)
  const rules = { bucket: inputs.bucket, lookup, now: new Date(inputs.clock), size: 10 }
  await check(`${id} create`, () => {
    const { url, fields } = library.createGcsPostPolicy(sdkPostOptions(vector))
    assert.equal(url, expected.url)
    assert.deepEqual({ ...fields }, { ...expected.fields })
  })
  await check(`${id} verify`, () => {
    assert.equal(library.verifyGcsPostPolicy(form, rules).key, inputs.object)
  })
  await check(`${id} tamper`, () => {
    for (const [index, [name, value]] of form.entries()) {
      if (name.startsWith('x-ignore-')) continue
      refuseBitFlips(
        value,
        (changed) => library.verifyGcsPostPolicy(form.with(index, [name, changed]), rules),
        { bits: [0] },
      )
    }
  })
}

function runDerived({ now, server, request, expect, id }: DerivedVector, library: Library): void {
  const raw = requestOf(request.url, {
    method: request.method,
    extraHeaders: Object.entries(request.headers).flat(),
  })
  const verify = (): unknown =>
    library.verifyGcs(raw, {
      now: new Date(now),
      lookup: (keyId) => (keyId === server.clientEmail ? { publicKey: server.publicKey } : null),
    })
  if (expect.allow) verify()
  else assertRefused(verify, id)
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
    const kind = kindOf(file)
    const vectors = listOf(file.content, 'vectors')
    if (kind === 'official') await runOfficial(file.content, library, check)
    else if (kind === 'sdk') await runSdkFile(vectors, library, loadEntry, check)
    else {
      for (const vector of vectors as unknown as DerivedVector[]) {
        await check(vector.id, () => runDerived(vector, library))
      }
    }
  },
}
