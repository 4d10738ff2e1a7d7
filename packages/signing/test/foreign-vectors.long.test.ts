/** A folder of vectors that somebody else made: other keys, another clock, other buckets and hosts. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { isTamperCheck } from '../../../vectors/runner/family.ts'
import { readVectorFiles } from '../../../vectors/runner/read-vector-files.ts'
import type { VectorResults } from '../../../vectors/runner/run-vectors.ts'
import { describeFailures, runVectors } from '../../../vectors/runner/run-vectors.ts'
import { presignAzureBlob } from '../src/azure.ts'
import { createCloudFrontCookies, presignCloudFront } from '../src/cloudfront.ts'
import { createGcsPostPolicy, presignGcs } from '../src/gcs.ts'
import { createS3PostPolicy } from '../src/s3.ts'

const NOW = new Date('2031-07-01T10:00:00Z')
const BASIC = '20310701T100000Z'
const END_SECONDS = NOW.getTime() / 1000 + 600
const rsa = makePair()
let folder = ''

function makePair(): { private: string; public: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { private: privateKey, public: publicKey }
}

function write(path: string, content: unknown): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(content))
}

function run(): Promise<VectorResults> {
  return runVectors(
    readVectorFiles(folder),
    (name) => import(`../src/${name}.ts`),
    // The last bits cost the most and show nothing that these need.
    (check) => !isTamperCheck(check),
  )
}

function cloudFrontVectors(): object[] {
  const resource = 'http?://*.their.test/members/*'
  const condition = {
    DateLessThan: { 'AWS:EpochTime': END_SECONDS },
    IpAddress: { 'AWS:SourceIp': '198.18.7.0/24' },
  }
  const policy = JSON.stringify({ Statement: [{ Resource: resource, Condition: condition }] })
  const signer = { keyPairId: 'KTHEIRS', privateKey: rsa.private, policy }
  const sign = { keyName: 'their-rsa', keyPairId: 'KTHEIRS', hash: 'SHA256', policy }
  const vector = (kind: string, args: object, expected: object): object => ({
    id: kind + JSON.stringify(args),
    kind,
    repeatable: true,
    inputs: { args: { ...args, policy } },
    sign,
    expected,
  })
  const inside = 'https://cdn.their.test/members/a.jpg'
  const outside = 'https://cdn.their.test/others/a.jpg'
  return [
    vector('url', { url: inside }, { url: presignCloudFront({ ...signer, url: inside }).url }),
    // What an SDK signs without asking whether the policy covers the URL.
    vector('url', { url: outside }, { url: presignCloudFront({ ...signer, url: outside }).url }),
    vector('cookie', {}, { cookies: createCloudFrontCookies(signer).cookies }),
  ]
}

function matchingVector(): object {
  return {
    id: 'inside',
    resource: 'https://cdn.their.test/*',
    conditions: { DateLessThan: END_SECONDS },
    request: { url: 'https://cdn.their.test/a', clientIp: '198.18.7.9', now: END_SECONDS - 1 },
    allow: true,
  }
}

function gcsVectors(): object[] {
  const signer = { key: { clientEmail: 'them@their.test', privateKey: rsa.private }, now: NOW }
  const target = { bucket: 'their-bucket', object: 'a b.txt', expiresInSeconds: 600 }
  const keys = { clientEmail: 'them@their.test', keyName: 'their-rsa' }
  const endpoint = 'https://store.their.test'
  const form = createGcsPostPolicy({ ...signer, ...target })
  return [
    {
      id: 'url',
      kind: 'rsa',
      inputs: { clock: NOW.toISOString(), bucket: 'their-bucket', object: 'a b.txt' },
      sign: {
        ...keys,
        algorithm: 'GOOG4-RSA-SHA256',
        method: 'PUT',
        scheme: 'https',
        host: 'store.their.test',
        path: '/their-bucket/a%20b.txt',
        query: [],
        signedHeaders: { host: 'store.their.test' },
        location: 'auto',
        date: BASIC,
        expires: 600,
      },
      expected: { url: presignGcs({ ...signer, ...target, method: 'PUT', endpoint }).url },
    },
    {
      id: 'form',
      kind: 'post',
      inputs: {
        clock: NOW.toISOString(),
        bucket: 'their-bucket',
        object: 'a b.txt',
        config: { expires: new Date(END_SECONDS * 1000).toISOString() },
      },
      sign: { ...keys, algorithm: 'GOOG4-RSA-SHA256' },
      expected: { url: form.url, fields: form.fields },
    },
  ]
}

function officialGcs(): object {
  const { url } = presignGcs({
    key: { clientEmail: 'them@their.test', privateKey: rsa.private },
    bucket: 'their-bucket',
    object: 'x',
    method: 'GET',
    expiresInSeconds: 10,
    now: NOW,
  })
  const vector = {
    description: 'theirs',
    bucket: 'their-bucket',
    object: 'x',
    method: 'GET',
    expiration: 10,
    timestamp: NOW.toISOString(),
    expectedUrl: url,
  }
  return { signingV4Tests: [vector] }
}

function azureVector(): object {
  const accountKey = Buffer.from('the key of an account of theirs').toString('base64')
  const { url } = presignAzureBlob({
    account: 'theirs',
    accountKey,
    endpoint: 'https://blob.their.test',
    container: 'box',
    blob: 'a.txt',
    permissions: 'r',
    protocol: 'https',
    expiresInSeconds: 600,
    now: NOW,
  })
  const fields = Object.fromEntries(new URL(url).searchParams)
  return {
    id: 'blob',
    kind: 'service',
    sign: {
      account: 'theirs',
      canonicalizedResource: '/blob/theirs/box/a.txt',
      keyKind: 'account',
      keyBase64: accountKey,
      fields,
    },
    expected: { url, token: url.split('?')[1], signature: fields['sig'] },
  }
}

function formVector(): object {
  const keys = { accessKeyId: 'AKIDTHEIRS', secretAccessKey: 'a secret of theirs' }
  const post = { Bucket: 'their-bucket', Key: 'up/a.txt', Expires: 600 }
  const form = createS3PostPolicy({
    bucket: post.Bucket,
    key: post.Key,
    region: 'ap-south-9',
    credentials: keys,
    expiresInSeconds: post.Expires,
    endpoint: 'https://s3.their.test',
    addressing: 'path',
    now: NOW,
  })
  return {
    id: 'form',
    inputs: { post, client: { endpoint: 'https://s3.their.test', forcePathStyle: true } },
    sign: { ...keys, scope: '20310701/ap-south-9/s3/aws4_request' },
    expected: { url: form.url, fields: form.fields },
  }
}

// In a suite, so that the folder is made for these tests only.
describe('vectors of other origin', () => {
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hallpass-vectors-'))
    write('keys/theirs.json', { pem: { 'their-rsa': rsa } })
    write('cdn/cloudfront.json', { vectors: cloudFrontVectors() })
    write('cdn/matching.json', { vectors: [matchingVector()] })
    write('gcs/signed.json', { vectors: gcsVectors() })
    write('gcs/official.json', officialGcs())
    write('gcs/account.not-a-test.json', {
      client_email: 'them@their.test',
      private_key: rsa.private,
    })
    write('azure.json', { vectors: [azureVector()] })
    write('forms.json', { vectors: [formVector()] })
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  test('vectors with keys, a clock, buckets and hosts of their own are run as they stand', async () => {
    const results = await run()
    assert.deepEqual(describeFailures(results), [])
    assert.deepEqual(results.unknown, [])
    assert.equal(results.passed, 17)
  })

  test('a vector whose key the folder does not hold says so', async () => {
    rmSync(join(folder, 'keys/theirs.json'))
    try {
      const lines = describeFailures(await run())
      assert.ok(lines.length > 0)
      for (const line of lines)
        assert.match(line, /keys\/ has no (?:key pair their-rsa|RSA key pair)/)
    } finally {
      write('keys/theirs.json', { pem: { 'their-rsa': rsa } })
    }
  })
})
