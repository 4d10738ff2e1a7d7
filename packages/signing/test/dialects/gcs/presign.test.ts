import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { presignGcs, presignGcsAsync } from '../../../src/gcs.ts'
import type { GcsKey } from '../../../src/gcs.ts'
import { parameterOf, pemOf } from '../cloud-support.ts'
import { RSA_KEY } from './test-keys.ts'

const NOW = new Date('2026-03-14T09:26:53.999Z')
const BASE = {
  key: RSA_KEY,
  method: 'GET',
  bucket: 'hallpass-test',
  object: 'a.txt',
  expiresInSeconds: 60,
  now: NOW,
}

describe('Google Cloud Storage presigning', () => {
  test('fractions of a second are cut and the end is handed back', () => {
    const { url, expiresAt, method } = presignGcs(BASE)
    assert.equal(parameterOf(url, 'X-Goog-Date'), '20260314T092653Z')
    assert.equal(expiresAt.toISOString(), '2026-03-14T09:27:53.000Z')
    assert.equal(method, 'GET')
  })

  test('a bad argument is named', async () => {
    const cases: [object, RegExp][] = [
      [{ method: 'get' }, /method/],
      [{ method: 'PATCH' }, /method/],
      [{ expiresInSeconds: 0 }, /expiresInSeconds/],
      [{ expiresInSeconds: 604_801 }, /expiresInSeconds/],
      [{ expiresInSeconds: 1.5 }, /expiresInSeconds/],
      [{ expiresInSeconds: Number.NaN }, /expiresInSeconds/],
      [{ now: new Date(Number.NaN) }, /now/],
      [{ bucket: 'a/b' }, /bucket/],
      [{ bucket: '' }, /bucket/],
      [{ object: '' }, /object/],
      [{ object: 'a/../b' }, /object/],
      [{ object: '\ud800' }, /object/],
      [{ endpoint: 'https://storage.googleapis.com/b' }, /endpoint/],
      [{ endpoint: 'storage.googleapis.com' }, /endpoint/],
      [{ bucketBoundOrigin: 'https://a.test', addressing: 'virtual' }, /bucketBoundOrigin/],
      [{ query: { 'X-Goog-Date': 'x' } }, /X-Goog-Date/],
      [{ query: { 'x-goog-signature': 'x' } }, /x-goog-signature/],
      [{ headers: { Host: 'x' } }, /headers/],
      [{ headers: { 'a b': 'x' } }, /headers/],
      [{ headers: { a: 'x\r\ny' } }, /headers/],
      [
        {
          headers: [
            ['a', '1'],
            ['A', '2'],
          ],
        },
        /headers/,
      ],
      [{ location: 'a/b' }, /location/],
      [{ key: {} }, /key/],
      [
        { key: { clientEmail: 'a/b', privateKey: pemOf('hallpass-test-rsa-1').private } },
        /clientEmail/,
      ],
      [{ key: { clientEmail: 'a@b', privateKey: pemOf('hallpass-test-ec-1').private } }, /RSA/],
      [{ key: { accessId: '', secret: 'x'.repeat(40) } }, /accessId/],
    ]
    for (const [change, message] of cases) {
      assert.throws(
        () => presignGcs({ ...BASE, ...change }),
        (error: Error) => {
          assert.match(error.message, message)
          return true
        },
      )
    }
    assert.throws(() => presignGcs({ ...BASE, key: { accessId: 'GOOG1', secret: '' } }), {
      code: 'key-invalid',
    })
    assert.throws(() => presignGcs({ ...BASE, key: { clientEmail: 'a@b', privateKey: 'x' } }), {
      code: 'key-invalid',
    })
    const remote = { clientEmail: 'a@b', signBlob: () => Promise.resolve(new Uint8Array(3)) }
    assert.throws(() => presignGcs({ ...BASE, key: remote as unknown as GcsKey }), /Async/)
    await assert.rejects(presignGcsAsync({ ...BASE, key: remote }), /signBlob/)
  })
})
