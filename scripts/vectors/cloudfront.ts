/** CloudFront's vectors: URLs and cookies the SDK made, and policies to be held against requests. */
import assert from 'node:assert/strict'
import type * as cloudfront from '@hallpass/signing/cloudfront'
import { keys, pemOf, requestOf } from '../../packages/signing/test/dialects/cloud-support.ts'
import type { CloudFrontVector } from '../../packages/signing/test/dialects/cloudfront/vectors.ts'
import {
  VECTOR_NOW,
  cookieHeader,
  optionsOf,
  requestOfVector,
} from '../../packages/signing/test/dialects/cloudfront/vectors.ts'
import { assertRefused, sortedParameters } from './aws-shapes.ts'
import { refuseBitFlips } from './cdn-shapes.ts'
import type { Check, VectorFamily, VectorFile } from './family.ts'
import { isRecord, listOf } from './family.ts'

type Library = typeof cloudfront

interface MatchingVector {
  readonly id: string
  readonly resource: string
  readonly conditions: {
    readonly DateLessThan: number
    readonly DateGreaterThan?: number
    readonly IpAddress?: string
  }
  readonly request: { readonly url: string; readonly clientIp: string; readonly now: number }
  readonly allow: boolean
}

const known = new Map(
  Object.values(keys.cloudfront).map(({ keyPairId, keyName }) => [
    keyPairId,
    pemOf(keyName).public,
  ]),
)
const lookup = (id: string): string | null => known.get(id) ?? null
// Its policy covers another folder than its URL: the signature is right, and the URL opens nothing.
const NOT_COVERED = 'url-custom-own-unicode'

async function runSdk(vector: CloudFrontVector, library: Library, check: Check): Promise<void> {
  const { id, kind, repeatable } = vector
  const verify = (text: string): unknown => {
    const request = requestOfVector(vector, text)
    const options = { lookup, now: VECTOR_NOW }
    return kind === 'url'
      ? library.verifyCloudFront(request, options)
      : library.verifyCloudFrontCookies(request, options)
  }
  const text = kind === 'url' ? (vector.expected.url ?? '') : cookieHeader(vector.expected.cookies)
  if (repeatable) await check(`${id} sign`, () => signAgain(vector, library))
  await check(`${id} verify`, () => {
    if (id === NOT_COVERED) assertRefused(() => verify(text), id)
    else verify(text)
  })
  await check(`${id} tamper`, () =>
    refuseBitFlips(text, verify, { start: signedFrom(text, kind), bits: [0] }),
  )
}

/** A custom policy may cover a changed path too: there only what follows the policy is signed. */
function signedFrom(text: string, kind: CloudFrontVector['kind']): number {
  if (kind === 'cookie') return 0
  const policy = text.indexOf('Policy=')
  return policy === -1 ? text.indexOf('/', 8) : policy
}

function signAgain(vector: CloudFrontVector, library: Library): void {
  const options = optionsOf(vector)
  const { url, cookies } = vector.expected
  if (url === undefined) {
    assert.deepEqual({ ...library.createCloudFrontCookies(options).cookies }, cookies)
    return
  }
  const signed = library.presignCloudFront({ ...options, url: options.url ?? '' })
  assert.equal(signed.url.split('?')[0], url.split('?')[0])
  assert.deepEqual(sortedParameters(signed.url), sortedParameters(url))
}

function runMatching(vector: MatchingVector, library: Library): void {
  const { resource, conditions, request, allow } = vector
  const { DateLessThan, DateGreaterThan, IpAddress } = conditions
  const epoch = (seconds: number): object => ({ 'AWS:EpochTime': seconds })
  const Condition = {
    DateLessThan: epoch(DateLessThan),
    ...(DateGreaterThan === undefined ? {} : { DateGreaterThan: epoch(DateGreaterThan) }),
    ...(IpAddress === undefined ? {} : { IpAddress: { 'AWS:SourceIp': IpAddress } }),
  }
  const { url } = library.presignCloudFront({
    url: request.url,
    policy: JSON.stringify({ Statement: [{ Resource: resource, Condition }] }),
    keyPairId: 'KHALLPASSFAKE1',
    privateKey: pemOf('hallpass-test-rsa-2').private,
  })
  const verify = (): unknown =>
    library.verifyCloudFront(requestOf(url, { clientIp: request.clientIp }), {
      lookup,
      now: new Date(request.now * 1000),
    })
  if (allow) verify()
  else assertRefused(verify, vector.id)
}

function kindOf({ content }: VectorFile): 'sdk' | 'matching' | null {
  const [vector] = listOf(content, 'vectors')
  if (vector === undefined) return null
  if (isRecord(vector['sign']) && 'keyPairId' in vector['sign']) return 'sdk'
  return isRecord(vector['conditions']) && typeof vector['resource'] === 'string'
    ? 'matching'
    : null
}

export const cloudFront: VectorFamily = {
  name: 'cloudfront',
  accepts: (file) => kindOf(file) !== null,
  async run(file, loadEntry, check) {
    const library = (await loadEntry('cloudfront')) as Library
    const vectors = listOf(file.content, 'vectors')
    if (kindOf(file) === 'matching') {
      for (const vector of vectors as unknown as MatchingVector[]) {
        await check(vector.id, () => runMatching(vector, library))
      }
      return
    }
    for (const vector of vectors as unknown as CloudFrontVector[]) {
      await runSdk(vector, library, check)
    }
  },
}
