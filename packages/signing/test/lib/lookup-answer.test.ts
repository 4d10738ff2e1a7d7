import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as all from '../../src/index.ts'
import { isSigningError } from '../../src/errors.ts'
import { presignGcs } from '../../src/gcs.ts'
import type { RawRequest } from '../../src/types.ts'
import { RSA_KEY } from '../dialects/gcs/test-keys.ts'
import { CREDENTIALS, NOW, presign, REGION, toRequest } from '../dialects/s3/support.ts'

/** As programs without types answer. */
type Lookup = () => never

interface Case {
  readonly name: string
  readonly request: RawRequest
  readonly verify: (request: RawRequest, lookup: Lookup) => unknown
}

const life = { expiresInSeconds: 300, now: NOW }
const cosKey = { secretId: 'AKIDFAKE', secretKey: 'hallpass-fake-key' }
const ossKey = { accessKeyId: 'LTAIFAKE', accessKeySecret: 'hallpass-fake-key' }

function requestOf({ url }: { readonly url: string }): RawRequest {
  return all.toRawRequest({ method: 'GET', url, headers: {} })
}

const CASES: readonly Case[] = [
  {
    name: 's3',
    request: toRequest(presign()),
    verify: (request, lookup) =>
      all.createS3Verifier({ region: REGION, now: NOW, lookup }).verify(request),
  },
  {
    name: 'gcs',
    request: requestOf(
      presignGcs({ ...life, key: RSA_KEY, method: 'GET', bucket: 'reports', object: 'a' }),
    ),
    verify: (request, lookup) => all.createGcsVerifier({ now: NOW, lookup }).verify(request),
  },
  {
    name: 'azure',
    request: requestOf(
      all.presignAzureBlob({
        ...life,
        account: 'account',
        accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=',
        container: 'reports',
        blob: 'a',
        permissions: 'r',
      }),
    ),
    verify: (request, lookup) =>
      all.createAzureVerifier({ account: 'account', now: NOW, lookup }).verify(request),
  },
  {
    name: 'cos',
    request: requestOf(
      all.presignCos({
        ...life,
        credentials: cosKey,
        endpoint: 'https://b-1.cos.ap-beijing.myqcloud.com',
        method: 'GET',
        key: 'a',
      }),
    ),
    verify: (request, lookup) => all.createCosVerifier({ now: NOW, lookup }).verify(request),
  },
  {
    name: 'oss',
    request: requestOf(
      all.presignOss({
        ...life,
        credentials: ossKey,
        endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
        bucket: 'reports',
        method: 'GET',
        key: 'a',
      }),
    ),
    verify: (request, lookup) => all.createOssVerifier({ now: NOW, lookup }).verify(request),
  },
  {
    name: 'swift',
    request: requestOf(
      all.presignSwift({
        ...life,
        key: 'hallpass-fake-key',
        method: 'GET',
        url: 'https://s.test/v1/AUTH_a/c/o',
      }),
    ),
    verify: (request, lookup) => all.createSwiftVerifier({ now: NOW, lookup }).verify(request),
  },
  {
    name: 'cloud-cdn',
    request: requestOf(
      all.presignCloudCdn({
        ...life,
        keyName: 'k',
        key: 'aGFsbHBhc3MgZmFrZSAxNg==',
        url: 'https://m.test/a',
      }),
    ),
    verify: (request, lookup) => all.createCloudCdnVerifier({ now: NOW, lookup }).verify(request),
  },
]

suite('a look-up that answers', () => {
  for (const { name, request, verify } of CASES) {
    test(`undefined knows no such key: ${name}`, () => {
      for (const answer of [undefined, null]) {
        assert.throws(
          () => verify(request, () => answer as never),
          (error) => isSigningError(error) && error.code === 'key-unknown',
        )
      }
    })

    test(`with a promise, a number or an empty object is named in a TypeError, or its key refused: ${name}`, () => {
      for (const answer of [Promise.resolve(null), 7, {}]) {
        assert.throws(
          () => verify(request, () => answer as never),
          (error) =>
            (error instanceof TypeError && error.message.startsWith('lookup ')) ||
            (isSigningError(error) && error.code === 'key-invalid'),
        )
      }
    })
  }

  test('with the key of another id is refused', () => {
    const [s3, , , cos, oss] = CASES
    const others = [
      [s3, { ...CREDENTIALS, accessKeyId: 'AKIDANOTHER' }],
      [cos, { ...cosKey, secretId: 'AKIDANOTHER' }],
      [oss, { ...ossKey, accessKeyId: 'LTAIANOTHER' }],
    ] as const
    for (const [found, key] of others) {
      assert.throws(
        () => found?.verify(found.request, () => key as never),
        (error) => isSigningError(error) && error.code === 'key-invalid',
      )
    }
  })
})
