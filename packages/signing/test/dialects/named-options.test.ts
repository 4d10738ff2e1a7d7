import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createAzureSigner, presignAzureBlob } from '../../src/azure.ts'
import { presignGcs } from '../../src/gcs.ts'
import { presignS3 } from '../../src/s3.ts'
import { RSA_KEY } from './gcs/test-keys.ts'

const life = { expiresInSeconds: 300, now: new Date('2026-03-14T09:26:53Z') }
const S3 = {
  ...life,
  method: 'PUT',
  bucket: 'reports',
  key: 'a',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass-fake-key' },
}
const GCS = { ...life, key: RSA_KEY, method: 'PUT', bucket: 'reports', object: 'a' }
const AZURE = {
  ...life,
  account: 'account',
  accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=',
  container: 'reports',
  blob: 'a',
  permissions: 'r',
}
const NAME = 'Über "uns".pdf'
const DISPOSITION = `attachment; filename="_ber _uns_.pdf"; filename*=UTF-8''%C3%9Cber%20%22uns%22.pdf`

function parameter(url: string, name: string): string | null {
  return new URL(url).searchParams.get(name)
}

suite('options by name', () => {
  test('a file name becomes the disposition of the answer', () => {
    const name = 'response-content-disposition'
    assert.equal(parameter(presignS3({ ...S3, filename: NAME }).url, name), DISPOSITION)
    assert.equal(parameter(presignGcs({ ...GCS, filename: NAME }).url, name), DISPOSITION)
    assert.equal(parameter(presignAzureBlob({ ...AZURE, filename: NAME }).url, 'rscd'), DISPOSITION)
    const shown = { filename: 'a.pdf', isInline: true }
    assert.equal(parameter(presignS3({ ...S3, ...shown }).url, name), 'inline; filename="a.pdf"')
    assert.equal(parameter(presignGcs({ ...GCS, isInline: true }).url, name), 'inline')
  })

  test('a signer for Azure gives each file its own name', () => {
    const { account, accountKey, ...request } = AZURE
    const signer = createAzureSigner({ account, accountKey })
    const names = ['a.pdf', 'b.pdf', undefined].map((filename) =>
      parameter(signer.sign({ ...request, filename }).url, 'rscd'),
    )
    assert.deepEqual(names, ['attachment; filename="a.pdf"', 'attachment; filename="b.pdf"', null])
  })

  test('type, size and checksum of an upload to S3 are signed, and said in the answer', () => {
    const bytes = new Uint8Array(32).fill(7)
    const base64 = Buffer.from(bytes).toString('base64')
    const bound = { contentType: 'image/png', contentLength: 0 }
    const signed = presignS3({ ...S3, ...bound, checksumSha256: bytes })
    assert.deepEqual(signed.headers, {
      'content-type': 'image/png',
      'content-length': '0',
      'x-amz-checksum-sha256': base64,
    })
    assert.equal(
      parameter(signed.url, 'X-Amz-SignedHeaders'),
      'content-length;content-type;host;x-amz-checksum-sha256',
    )
    assert.deepEqual(presignS3({ ...S3, ...bound, checksumSha256: base64 }), signed)
    assert.deepEqual(presignS3({ ...S3, headers: signed.headers }), signed)
  })

  test('type, size and its bounds of an upload to Google are signed, and said in the answer', () => {
    const signed = presignGcs({
      ...GCS,
      contentType: 'image/png',
      contentLength: 10,
      contentLengthRange: [1, 10],
    })
    assert.deepEqual(signed.headers, {
      'content-type': 'image/png',
      'content-length': '10',
      'x-goog-content-length-range': '1,10',
    })
  })

  test('what cannot be used, or is said twice, is named', () => {
    const cases: readonly (readonly [() => unknown, RegExp])[] = [
      [() => presignS3({ ...S3, contentLength: -1 }), /^RangeError: contentLength/],
      [() => presignS3({ ...S3, contentLength: 1.5 }), /^RangeError: contentLength/],
      [() => presignS3({ ...S3, checksumSha256: 'abc' }), /^TypeError: checksumSha256/],
      [() => presignS3({ ...S3, checksumSha256: '00'.repeat(32) }), /^TypeError: checksumSha256/],
      [
        () => presignS3({ ...S3, contentType: 'a/b', headers: { 'Content-Type': 'a/b' } }),
        /^TypeError: headers must not hold content-type/,
      ],
      [
        () =>
          presignS3({ ...S3, filename: 'a', query: { 'response-content-disposition': 'inline' } }),
        /^TypeError: query must not hold response-content-disposition/,
      ],
      [() => presignS3({ ...S3, contentType: 'a\r\nb' }), /^TypeError: headers/],
      [() => presignGcs({ ...GCS, contentLengthRange: [2, 1] }), /^RangeError: contentLengthRange/],
      [() => presignGcs({ ...GCS, contentLength: NaN }), /^RangeError: contentLength/],
      [
        () =>
          presignAzureBlob({
            ...AZURE,
            filename: 'a',
            responseHeaders: { contentDisposition: 'inline' },
          }),
        /^TypeError: filename/,
      ],
    ]
    for (const [action, message] of cases) assert.throws(action, message)
  })
})
