import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  createAzurePrefix,
  presignAzureAccount,
  presignAzureBlob,
  presignAzureUserDelegation,
  verifyAzure,
} from '../../../src/azure.ts'
import { parameterOf, readVectors, requestOf } from '../cloud-support.ts'

interface AzureKeys {
  readonly azure: { readonly 'azure-1': { readonly accountKey: string } }
}
const { accountKey } = (readVectors('keys/test-keys.json') as AzureKeys).azure['azure-1']
const NOW = new Date('2026-03-14T09:26:53.999Z')
const BASE = {
  account: 'hallpasstest',
  accountKey,
  container: 'docs',
  permissions: 'r',
  expiresInSeconds: 300,
  now: NOW,
}
const WHOLE = { ...BASE, blob: null }
const { accountKey: _, ...DELEGATED } = BASE
const DELEGATION_KEY = {
  signedObjectId: '00000000-0000-4000-8000-000000000001',
  signedTenantId: '00000000-0000-4000-8000-000000000002',
  signedStartsOn: '2026-03-14T00:00:00Z',
  signedExpiresOn: '2026-03-20T23:59:59Z',
  signedService: 'b',
  signedVersion: '2026-04-06',
  value: accountKey,
}

describe('Azure presigning', () => {
  test('permission letters come and leave in the order of the service', () => {
    const all = presignAzureBlob({ ...BASE, blob: 'a', permissions: 'racwdxtmeiy' })
    assert.equal(parameterOf(all.url, 'sp'), 'racwdxtmeiy')
    const account = presignAzureAccount({ ...BASE, permissions: 'rlacupiy', resourceTypes: 'oc' })
    assert.equal(parameterOf(account.url, 'sp'), 'rlacupiy')
    assert.equal(parameterOf(account.url, 'srt'), 'co')
  })

  test('https only is the default, except where the endpoint is http', () => {
    assert.equal(parameterOf(presignAzureBlob(WHOLE).url, 'spr'), 'https')
    const local = presignAzureBlob({ ...WHOLE, endpoint: 'http://127.0.0.1:10000/hallpasstest' })
    assert.equal(parameterOf(local.url, 'spr'), 'https,http')
    assert.ok(local.url.startsWith('http://127.0.0.1:10000/hallpasstest/docs?'))
    assert.equal(parameterOf(presignAzureBlob({ ...WHOLE, protocol: null }).url, 'spr'), '')
  })

  test('milliseconds are cut and the end is handed back', () => {
    const { url, expiresAt } = presignAzureBlob({ ...BASE, blob: 'a' })
    assert.equal(parameterOf(url, 'se'), '2026-03-14T09:31:53Z')
    assert.equal(expiresAt.toISOString(), '2026-03-14T09:31:53.000Z')
  })

  test('one container or directory token opens a thousand blobs', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `album/é ${index}.jpg`)
    const options = { lookup: () => [accountKey], account: 'hallpasstest', now: NOW }
    for (const signer of [
      createAzurePrefix({ ...BASE, directory: null }),
      createAzurePrefix({ ...BASE, directory: 'album' }),
      createAzurePrefix({ ...DELEGATED, directory: 'album', delegationKey: DELEGATION_KEY }),
    ]) {
      const signed = signer.signAll(names)
      assert.equal(new Set(signed.map(({ url }) => parameterOf(url, 'sig'))).size, 1)
      for (const [index, { url }] of signed.entries()) {
        if (index % 100 === 0) assert.equal(verifyAzure(requestOf(url), options).blob, names[index])
      }
    }
    const narrow = createAzurePrefix({ ...BASE, directory: 'album' })
    assert.throws(() => narrow.sign('album2/a.jpg'), RangeError)
    assert.throws(() => narrow.sign('album/../b'), TypeError)
    assert.throws(() => createAzurePrefix({ ...BASE, blob: 'a' } as never), /blob/)
  })

  test('with a stored access policy the token may leave permissions and end to it', () => {
    const { container, account } = BASE
    const common = { account, accountKey, container, storedPolicy: 'readers' }
    const { url } = presignAzureBlob({ ...common, blob: null })
    assert.equal(parameterOf(url, 'si'), 'readers')
    assert.equal(parameterOf(url, 'sp'), '')
    const signer = createAzurePrefix({ ...common, directory: null })
    assert.equal(signer.expiresAt, null)
  })

  test('a bad argument is named', () => {
    const cases: [object, RegExp][] = [
      [{ account: 'UPPER' }, /account/],
      [{ endpoint: 'https://h.test//' }, /endpoint/],
      [{ endpoint: 'ftp://h.test' }, /endpoint/],
      [{ version: '2012-02-12' }, /version/],
      [{ version: '2015-4-5' }, /version/],
      [{ container: 'a/b' }, /container/],
      [{ container: 'AB' }, /container/],
      [{ blob: '' }, /blob/],
      [{ blob: undefined }, /^blob is missing: a name, or null for the whole container$/],
      [{ blob: 'a\nb' }, /blob/],
      [{ blob: '\ud800' }, /blob/],
      [{ blob: 'a/../b' }, /blob/],
      [{ blob: 'a', directory: 'b' }, /directory/],
      [{ directory: 'b' }, /directory/],
      [{ blob: undefined, directory: 'a//b' }, /directory/],
      [{ blob: undefined, directory: 'a/' }, /directory/],
      [{ blob: undefined, directory: 'a', version: '2019-12-12' }, /directory/],
      [{ snapshot: '2026-01-01T00:00:00.0000000Z' }, /blob/],
      [{ blob: 'a', snapshot: 'x&sp=w' }, /snapshot/],
      [
        { blob: 'a', snapshot: '2026-01-01T00:00:00Z', versionId: '2026-01-01T00:00:00Z' },
        /exclude/,
      ],
      [{ blob: 'a', versionId: '2026-01-01T00:00:00Z', version: '2019-07-07' }, /2019-10-10/],
      [{ permissions: '' }, /permissions/],
      [{ permissions: 'rr' }, /permissions/],
      [{ permissions: 'rz' }, /permissions/],
      [{ permissions: 'x', version: '2018-11-09' }, /permissions/],
      [{ permissions: undefined }, /permissions/],
      [{ expiresInSeconds: undefined }, /expiresInSeconds/],
      [{ expiresInSeconds: -1 }, /expiresInSeconds/],
      [{ expiresAt: NOW }, /expiresAt/],
      [{ startsAt: new Date('2030-01-01') }, /startsAt/],
      [{ ip: '1.2.3' }, /ip/],
      [{ ip: '1.2.3.4-1.2.3.5-1.2.3.6' }, /ip/],
      [{ ip: '::1' }, /ip/],
      [{ protocol: 'http' }, /protocol/],
      [{ encryptionScope: 'a\nb' }, /encryptionScope/],
      [{ encryptionScope: 'a', version: '2018-11-09' }, /encryptionScope/],
      [{ storedPolicy: '' }, /storedPolicy/],
      [{ responseHeaders: { contentType: 'a\r\nb' } }, /contentType/],
    ]
    for (const [change, message] of cases) {
      assert.throws(
        () => presignAzureBlob({ ...WHOLE, ...change }),
        (error: Error) => {
          assert.ok(
            error instanceof TypeError || error instanceof RangeError,
            JSON.stringify(change),
          )
          assert.match(error.message, message)
          return true
        },
      )
    }
    for (const bad of ['', 'AAAA', '%%%', 'not base64!']) {
      assert.throws(() => presignAzureBlob({ ...WHOLE, accountKey: bad }), { code: 'key-invalid' })
    }
  })

  test('a bad argument of a user delegation or account token is named', () => {
    const base = { ...DELEGATED, blob: 'a', delegationKey: DELEGATION_KEY }
    const old = '2019-12-12'
    const cases: [object, RegExp][] = [
      [{ version: '2015-04-05' }, /version/],
      [{ delegationKey: { ...DELEGATION_KEY, signedStartsOn: 'yesterday' } }, /skt|signedStartsOn/],
      [{ delegationKey: { ...DELEGATION_KEY, signedObjectId: '' } }, /signedObjectId/],
      [{ authorizedObjectId: 'a', unauthorizedObjectId: 'b' }, /exclude/],
      [{ authorizedObjectId: 'a', version: old }, /authorizedObjectId/],
      [{ correlationId: 'a', version: old }, /correlationId/],
      [{ delegatedUserObjectId: 'a', version: '2020-12-06' }, /delegatedUserObjectId/],
      [{ requestHeaders: { a: 'b' }, version: '2025-07-05' }, /requestHeaders/],
      [{ requestHeaders: { 'a,b': 'c' } }, /requestHeaders/],
      [
        {
          requestHeaders: [
            ['a', '1'],
            ['A', '2'],
          ],
        },
        /requestHeaders/,
      ],
      [{ requestQuery: { a: 'b\nc' } }, /requestQuery/],
    ]
    for (const [change, message] of cases) {
      assert.throws(() => presignAzureUserDelegation({ ...base, ...change }), message)
    }
    const account = { ...BASE, resourceTypes: 'o' }
    assert.throws(() => presignAzureAccount({ ...account, services: 'z' }), /services/)
    assert.throws(() => presignAzureAccount({ ...account, resourceTypes: 'oo' }), /resourceTypes/)
    assert.throws(() => presignAzureAccount({ ...account, permissions: 'e' }), /permissions/)
    const { container, ...bare } = account
    assert.ok(container)
    assert.throws(() => presignAzureAccount({ ...bare, blob: 'a' }), /container/)
    assert.ok(
      presignAzureAccount(bare).url.startsWith('https://hallpasstest.blob.core.windows.net/?'),
    )
  })
})
