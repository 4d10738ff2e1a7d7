import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameS3Location, parseS3Location } from '../../../src/stores/s3/s3-location.ts'

test('a bucket alone is Amazon’s own, with what is usual there', () => {
  assert.deepEqual(parseS3Location('s3://my-bucket'), {
    bucket: 'my-bucket',
    prefix: '',
    endpoint: null,
    region: 'us-east-1',
    addressing: null,
    storageClass: null,
    encryption: null,
    checksums: 'sha256',
  })
})

test('everything that can be said is read', () => {
  const location = parseS3Location(
    's3://my.bucket/a//b/?endpoint=http://127.0.0.1:8333/&region=eu-west-1&pathStyle=true&storageClass=STANDARD_IA&sse=aws:kms:arn:aws:kms:eu-west-1:1:key/2&checksums=md5',
  )
  assert.deepEqual(location, {
    bucket: 'my.bucket',
    prefix: 'a/b/',
    endpoint: 'http://127.0.0.1:8333',
    region: 'eu-west-1',
    addressing: 'path',
    storageClass: 'STANDARD_IA',
    encryption: 'aws:kms:arn:aws:kms:eu-west-1:1:key/2',
    checksums: 'md5',
  })
  assert.equal(nameS3Location(location), 's3://my.bucket/a/b')
})

test('what cannot be is refused, and no value of it is repeated', () => {
  const refused = [
    'my-bucket',
    'http://my-bucket',
    's3://',
    's3://B_AD',
    's3://AKIA:hunter2@my-bucket',
    's3://my-bucket:80',
    's3://my-bucket/../hunter2',
    's3://my-bucket/hunter2%20',
    's3://my-bucket#hunter2',
    's3://my-bucket?secretAccessKey=hunter2',
    's3://my-bucket?region=a&region=hunter2',
    's3://my-bucket?region=hunter2/',
    's3://my-bucket?endpoint=hunter2',
    's3://my-bucket?endpoint=https://user:hunter2@host',
    's3://my-bucket?endpoint=ftp://hunter2',
    's3://my-bucket?pathStyle=hunter2',
    's3://my-bucket?checksums=hunter2',
    's3://my-bucket?sse=hunter2',
    's3://my-bucket?storageClass=hunter2',
  ]
  for (const text of refused) {
    assert.throws(
      () => parseS3Location(text),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
      text,
    )
  }
})
