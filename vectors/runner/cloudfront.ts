/** CloudFront's vectors: URLs and cookies the SDK made, and policies to be held against requests. */
import assert from 'node:assert/strict'
import type * as cloudfront from '@hallpass/signing/cloudfront'
import type { CloudFrontVector } from './cloudfront-vectors.ts'
import {
  isCovered,
  momentOf,
  optionsOf,
  requestOfVector,
  signedTextOf,
} from './cloudfront-vectors.ts'
import type { Check, VectorFamily, VectorFile, Waiting } from './family.ts'
import { isRecord, listOf, tamperCheck } from './family.ts'
import { atSeconds } from './moments.ts'
import { assertRefusedLater, refuseBitFlips } from './refusals.ts'
import { assertSameUrl, toRequest } from './requests.ts'
import type { VectorKeys } from './vector-keys.ts'

type Library = Waiting<typeof cloudfront>

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

interface Bench {
  readonly library: Library
  readonly keys: VectorKeys
  readonly check: Check
}

async function runSdk(vector: CloudFrontVector, { library, keys, check }: Bench): Promise<void> {
  const { id, kind, repeatable, sign } = vector
  const options = {
    lookup: (keyPairId: string) =>
      keyPairId === sign.keyPairId ? keys.pem(sign.keyName).public : null,
    now: momentOf(vector),
  }
  const verify = async (text: string): Promise<cloudfront.VerifiedCloudFront> => {
    const request = requestOfVector(vector, text)
    return kind === 'url'
      ? library.verifyCloudFront(request, options)
      : library.verifyCloudFrontCookies(request, options)
  }
  const text = signedTextOf(vector)
  if (repeatable) await check(`${id} sign`, () => signAgain(vector, library, keys))
  await check(`${id} verify`, async () => {
    // The signature is right, and the URL opens nothing.
    if (!isCovered(vector)) return assertRefusedLater(() => verify(text), id, ['resource-mismatch'])
    const verified = await verify(text)
    assert.equal(verified.hashAlgorithm, sign.hash)
    assert.equal(verified.keyPairId, sign.keyPairId)
    const request = requestOfVector(vector)
    const twin =
      kind === 'url'
        ? await library.verifyCloudFrontAsync(request, options)
        : await library.verifyCloudFrontCookiesAsync(request, options)
    assert.deepEqual(twin, verified)
  })
  await check(tamperCheck(id), () =>
    refuseBitFlips(text, verify, { start: signedFrom(text, kind), bits: [0], every: 3 }),
  )
}

/** A custom policy may cover a changed path too: there only what follows the policy is signed. */
function signedFrom(text: string, kind: CloudFrontVector['kind']): number {
  if (kind === 'cookie') return 0
  const policy = text.indexOf('Policy=')
  return policy === -1 ? text.indexOf('/', 8) : policy
}

async function signAgain(
  vector: CloudFrontVector,
  library: Library,
  keys: VectorKeys,
): Promise<void> {
  const options = optionsOf(vector, keys)
  const { url, cookies } = vector.expected
  if (url === undefined) {
    const signed = await library.createCloudFrontCookies(options)
    assert.deepEqual({ ...signed.cookies }, cookies)
    assert.deepEqual(await library.createCloudFrontCookiesAsync(options), signed)
    return
  }
  const ofUrl = { ...options, url: options.url ?? '' }
  const signed = await library.presignCloudFront(ofUrl)
  assertSameUrl(signed.url, url)
  assert.equal((await library.presignCloudFrontAsync(ofUrl)).url, signed.url)
}

async function runMatching(
  vector: MatchingVector,
  library: Library,
  keys: VectorKeys,
): Promise<void> {
  const { resource, conditions, request, allow } = vector
  const { DateLessThan, DateGreaterThan, IpAddress } = conditions
  const epoch = (seconds: number): object => ({ 'AWS:EpochTime': seconds })
  const Condition = {
    DateLessThan: epoch(DateLessThan),
    ...(DateGreaterThan === undefined ? {} : { DateGreaterThan: epoch(DateGreaterThan) }),
    ...(IpAddress === undefined ? {} : { IpAddress: { 'AWS:SourceIp': IpAddress } }),
  }
  const pair = keys.anyRsa()
  const { url } = await library.presignCloudFront({
    url: request.url,
    policy: JSON.stringify({ Statement: [{ Resource: resource, Condition }] }),
    keyPairId: 'KANY',
    privateKey: pair.private,
  })
  const verify = (): unknown =>
    library.verifyCloudFront(toRequest(url, { clientIp: request.clientIp }), {
      lookup: () => pair.public,
      now: atSeconds(request.now),
    })
  if (allow) await verify()
  else await assertRefusedLater(verify, vector.id)
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
    const { keys } = file
    const vectors = listOf(file.content, 'vectors')
    if (kindOf(file) === 'matching') {
      for (const vector of vectors as unknown as MatchingVector[]) {
        await check(vector.id, () => runMatching(vector, library, keys))
      }
      return
    }
    for (const vector of vectors as unknown as CloudFrontVector[]) {
      await runSdk(vector, { library, keys, check })
    }
  },
}
