import assert from 'node:assert/strict'
import { test } from 'node:test'
import { array, assert as check, constantFrom, property } from 'fast-check'
import { createAzureSigner } from '../../src/azure.ts'
import { createCosSigner } from '../../src/cos.ts'
import { createGcsSigner } from '../../src/gcs.ts'
import { createOssSigner } from '../../src/oss.ts'
import { createS3Signer } from '../../src/s3.ts'
import { HMAC_KEY } from './gcs/test-keys.ts'
import { EVERY_REQUIRED } from './required-options.ts'
import { CREDENTIALS, NOW, REGION } from './s3/support.ts'

const now = NOW
const get = { method: 'GET', expiresInSeconds: 60 } as const
const endpoint = 'https://oss-cn-hangzhou.aliyuncs.com'
const s3 = createS3Signer({ credentials: CREDENTIALS, region: REGION, now })
const gcs = createGcsSigner({ key: HMAC_KEY, now })
const azure = createAzureSigner({ account: 'account', accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=', now })
const oss = createOssSigner({
  credentials: { accessKeyId: 'LTAIFAKE', accessKeySecret: 'hallpass-fake-key' },
  endpoint,
  now,
})
const cos = createCosSigner({
  credentials: { secretId: 'AKIDFAKE', secretKey: 'hallpass-fake-key' },
  endpoint,
  now,
})

const BY_NAME: Readonly<Record<string, (key: string) => string>> = {
  s3: (key) => s3.sign({ ...get, bucket: 'reports', key }).url,
  's3 with parameters': (key) =>
    s3.sign({ ...get, bucket: 'reports', key, query: { versionId: '1' } }).url,
  gcs: (key) => gcs.sign({ ...get, bucket: 'reports', object: key }).url,
  azure: (key) =>
    azure.sign({ permissions: 'r', expiresInSeconds: 60, container: 'reports', blob: key }).url,
  oss: (key) => oss.sign({ ...get, bucket: 'reports', key }).url,
  cos: (key) => cos.sign({ ...get, key }).url,
}

/** The URL; `null` if the signer says that the name has dot segments, or an empty one in front. */
function signOrRefuse(sign: (key: string) => string, key: string): string | null {
  try {
    return sign(key)
  } catch (error) {
    assert.match(String(error), /^TypeError: (?:key|object|blob) must be /)
    return null
  }
}

const pieces = constantFrom('.', '..', '/', '%2e', '%', '\\', 'a', '?')
const names = array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''))

for (const [name, sign] of Object.entries(BY_NAME)) {
  test(`${name} signs what clients send as it is, or refuses to sign it`, () => {
    check(
      property(names, (key) => {
        const url = signOrRefuse(sign, key)
        if (url !== null) assert.equal(new URL(url).href, url)
      }),
      { numRuns: 300 },
    )
    for (const key of ['a/../b', '../b', 'a/.', './a']) assert.equal(signOrRefuse(sign, key), null)
    for (const key of ['a..b', '.a/..b/c.', '...']) assert.notEqual(signOrRefuse(sign, key), null)
  })
}

test('a URL with dot segments is signed by no dialect', async () => {
  const urls = EVERY_REQUIRED.filter(({ options }) => 'url' in options && !('headers' in options))
  assert.ok(urls.length > 10)
  for (const { call, name, options } of urls) {
    for (const path of ['a/../b', 'a/%2E./b', 'a/.']) {
      const url = `https://media.example.test/v1/account/container/${path}`
      const expected = /url must .*dot segments/
      const signed = async (): Promise<unknown> => call({ ...options, url })
      await assert.rejects(signed, expected, name)
    }
  }
})

test('S3 signs dot segments for a client that sends them', () => {
  const key = 'a/../b'
  const { url } = s3.sign({ ...get, bucket: 'reports', key, foldPath: false })
  assert.match(url, /\/a\/\.\.\/b\?/)
  assert.equal(s3.signHeaders({ method: 'GET', bucket: 'reports', key }).url.endsWith(key), true)
})
