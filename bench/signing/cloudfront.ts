/** CloudFront's signed URLs with RSA and ECDSA beside the SDK and the bare signature, a listing, and verifying. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type * as signer from '@aws-sdk/cloudfront-signer'
import type { RawRequest } from '@hallpass/signing'
import {
  createCloudFrontPrefix,
  createCloudFrontSigner,
  createCloudFrontVerifier,
  preparePrivateKey,
  presignCloudFront,
  verifyCloudFront,
} from '@hallpass/signing/cloudfront'
import type { Contestant, Operation } from '../lib/rounds.ts'
import type { DialectBench } from './dialect.ts'
import { loadOptional } from './dialect.ts'

const HOST = 'd111111abcdef8.cloudfront.net'
const KEY_PAIR_ID = 'KHALLPASSFAKE1'
const EXPIRES_SECONDS = 300
const FOLDER = `https://${HOST}/docs/2026/`
const URLS = Array.from({ length: 1000 }, (_, index) => `${FOLDER}report-${index}.pdf`)
const POLICY = Buffer.from(
  `{"Statement":[{"Resource":"${URLS[0]}","Condition":{"DateLessThan":{"AWS:EpochTime":1773484013}}}]}`,
)
const SDK = '@aws-sdk/cloudfront-signer getSignedUrl'

interface KeyTexts {
  readonly name: 'RSA-2048' | 'ECDSA P-256'
  readonly privateKey: string
  readonly publicKey: string
}

function generate(name: KeyTexts['name']): KeyTexts {
  const { privateKey, publicKey } =
    name === 'RSA-2048'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return {
    name,
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
  }
}

function createTurn(): () => string {
  let next = 0
  return () => {
    next = (next + 1) % URLS.length
    return URLS[next] ?? ''
  }
}

export async function prepareCloudFront(): Promise<DialectBench> {
  const skipped: string[] = []
  const sdk = await loadOptional(
    () => import('@aws-sdk/cloudfront-signer'),
    '@aws-sdk/cloudfront-signer',
    skipped,
  )
  const operations: Operation[] = []
  const rsa = generate('RSA-2048')
  for (const key of [rsa, generate('ECDSA P-256')]) {
    const others = sdk === null ? [] : [sdkContestant(sdk, key, SDK)]
    // The goal for ECDSA is beside the SDK as it is used, with RSA.
    const withRsa = sdk === null || key === rsa ? [] : [sdkContestant(sdk, rsa, `${SDK}, RSA-2048`)]
    operations.push({
      name: `cloudfront presign ${key.name}`,
      reference: withRsa[0]?.name ?? others[0]?.name ?? bareName(key),
      contestants: [...ownPresign(key), ...others, ...withRsa, bareSign(key)],
    })
    operations.push({
      name: `cloudfront verify ${key.name}`,
      reference: bareName(key),
      contestants: [...ownVerify(key), bareVerify(key)],
    })
  }
  operations.push(listing(rsa, sdk))
  return { operations, packages: ['@aws-sdk/cloudfront-signer'], skipped }
}

function ownPresign({ privateKey }: KeyTexts): Contestant[] {
  const turn = createTurn()
  const key = { keyPairId: KEY_PAIR_ID, privateKey }
  const signer = createCloudFrontSigner(key)
  const policy = { hashAlgorithm: 'SHA1', expiresInSeconds: EXPIRES_SECONDS } as const
  return [
    {
      name: '@hallpass/signing createCloudFrontSigner(…).sign',
      run: () => signer.sign({ ...policy, url: turn() }),
    },
    {
      name: '@hallpass/signing presignCloudFront',
      run: () => presignCloudFront({ ...key, ...policy, url: turn() }),
    },
  ]
}

function bareName({ name }: KeyTexts): string {
  return `floor: bare ${name}`
}

function bareSign(key: KeyTexts): Contestant {
  const prepared = createPrivateKey(key.privateKey)
  return { name: bareName(key), run: () => sign('sha1', POLICY, prepared) }
}

function bareVerify(key: KeyTexts): Contestant {
  const prepared = createPublicKey(key.publicKey)
  const signature = sign('sha1', POLICY, key.privateKey)
  return { name: bareName(key), run: () => verify('sha1', POLICY, prepared, signature) }
}

function ownVerify(key: KeyTexts): Contestant[] {
  const now = new Date()
  const requests = URLS.slice(0, 64).map((url): RawRequest => {
    const signed = presignCloudFront({
      url,
      keyPairId: KEY_PAIR_ID,
      privateKey: key.privateKey,
      hashAlgorithm: 'SHA1',
      expiresInSeconds: EXPIRES_SECONDS,
      now,
    })
    const target = Buffer.from(signed.url.slice(`https://${HOST}`.length)).toString('latin1')
    return { method: 'GET', target, headers: ['Host', HOST, 'Accept', '*/*'] }
  })
  const options = { lookup: () => key.publicKey, now }
  const verifier = createCloudFrontVerifier(options)
  let next = 0
  function take(): RawRequest {
    next = (next + 1) % requests.length
    return requests[next] ?? { method: '', target: '', headers: [] }
  }
  return [
    {
      name: '@hallpass/signing createCloudFrontVerifier(…).verify',
      run: () => verifier.verify(take(), { now }),
    },
    { name: '@hallpass/signing verifyCloudFront', run: () => verifyCloudFront(take(), options) },
  ]
}

type Sdk = typeof signer

function sdkContestant(sdk: Sdk, { privateKey }: KeyTexts, name: string): Contestant {
  const turn = createTurn()
  return {
    name,
    run: () =>
      sdk.getSignedUrl({
        url: turn(),
        keyPairId: KEY_PAIR_ID,
        privateKey,
        dateLessThan: new Date(Date.now() + EXPIRES_SECONDS * 1000).toISOString(),
      }),
  }
}

/** One wildcard signature for a thousand files, beside a thousand signatures. */
function listing({ privateKey, ...key }: KeyTexts, sdk: Sdk | null): Operation {
  // A server reads its key once.
  const prepared = preparePrivateKey(privateKey, 'privateKey')
  const own: Contestant = {
    name: '@hallpass/signing createCloudFrontPrefix, 1,000 files',
    run: () =>
      createCloudFrontPrefix({
        resource: `${FOLDER}*`,
        keyPairId: KEY_PAIR_ID,
        privateKey: prepared,
        hashAlgorithm: 'SHA1',
        expiresInSeconds: EXPIRES_SECONDS,
      }).signAll(URLS),
  }
  const one = sdk === null ? null : sdkContestant(sdk, { ...key, privateKey }, SDK)
  const theirs =
    one === null
      ? []
      : [
          {
            name: `${SDK}, 1,000 times`,
            run: () => {
              for (let index = 0; index < URLS.length; index += 1) one.run()
            },
            // One call takes most of a second: the clock is looked at after each.
            isAsync: true,
          },
        ]
  return {
    name: 'cloudfront listing of 1,000',
    reference: theirs[0]?.name ?? own.name,
    contestants: [own, ...theirs],
  }
}
