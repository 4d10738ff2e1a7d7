/** Copies by the AWS SDK: across buckets, onto themselves, under conditions, of versions, of content of any kind. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import type {
  CopyObjectCommandInput,
  CopyObjectCommandOutput,
  PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { createAwsClient, createMinioClient } from '../lib/clients.ts'
import { nastyKeys } from '../lib/nasty-keys.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const Bucket = 'copies'
const OTHER = 'other-bucket'
const VERSIONED = 'versioned'
let server: RunningServer
let client: S3Client

before(async () => {
  server = await startServer()
  client = createAwsClient(server)
  for (const name of [Bucket, OTHER, VERSIONED]) {
    await client.send(new CreateBucketCommand({ Bucket: name }))
  }
  await server.core.catalog.buckets.update(VERSIONED, { versioning: 'enabled' }, null)
})

after(async () => {
  client.destroy()
  await server.stop()
})

async function put(
  Key: string,
  Body: string | Uint8Array,
  more: Partial<PutObjectCommandInput> = {},
): Promise<string> {
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
  return ETag ?? ''
}

async function read(Key: string, from: string = Bucket): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: from, Key }))
  assert.ok(Body !== undefined)
  return Buffer.from(await Body.transformToByteArray())
}

function copy(
  CopySource: string,
  Key: string,
  more: Partial<CopyObjectCommandInput> = {},
): Promise<CopyObjectCommandOutput> {
  return client.send(new CopyObjectCommand({ Bucket, CopySource, Key, ...more }))
}

async function assertCode(call: Promise<unknown>, code: string, status: number): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof S3ServiceException, String(error))
    assert.equal(error.name, code)
    assert.equal(error.$metadata.httpStatusCode, status)
    return true
  })
}

test('a copy has the bytes and all that its source says, in the same bucket and in another', async () => {
  const bytes = randomBytes(200_000)
  const etag = await put('a', bytes, {
    ContentType: 'image/png',
    ContentLanguage: 'de',
    Metadata: { colour: 'blue' },
  })
  for (const target of [Bucket, OTHER]) {
    const { CopyObjectResult } = await copy(`${Bucket}/a`, 'b/c', { Bucket: target })
    assert.equal(CopyObjectResult?.ETag, etag)
    assert.ok(CopyObjectResult.LastModified instanceof Date)
    const head = await client.send(new HeadObjectCommand({ Bucket: target, Key: 'b/c' }))
    assert.deepEqual(
      [head.ETag, head.ContentType, head.ContentLanguage, head.Metadata],
      [etag, 'image/png', 'de', { colour: 'blue' }],
    )
    assert.ok(bytes.equals(await read('b/c', target)))
  }
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  assert.ok(bytes.equals(await read('b/c')))
})

test('a copy may say something else of itself', async () => {
  await put('said', 'x', { ContentType: 'image/png', Metadata: { a: '1' } })
  await copy(`${Bucket}/said`, 'replaced', {
    MetadataDirective: 'REPLACE',
    ContentType: 'text/csv',
    CacheControl: 'max-age=1',
    Metadata: { b: '2' },
    TaggingDirective: 'REPLACE',
    Tagging: 'k=v',
  })
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }))
  assert.deepEqual([head.ContentType, head.Metadata], ['text/csv', { b: '2' }])
  const file = await server.core.files.find({ bucket: Bucket, key: 'replaced' })
  assert.deepEqual({ ...file?.tags }, { k: 'v' })
  await copy(`${Bucket}/replaced`, 'kept', { Metadata: { ignored: 'x' }, Tagging: 'ignored=x' })
  const kept = await server.core.files.find({ bucket: Bucket, key: 'kept' })
  assert.deepEqual([{ ...kept?.metadata }, { ...kept?.tags }], [{ b: '2' }, { k: 'v' }])
  for (const more of [{ MetadataDirective: 'MERGE' }, { TaggingDirective: 'MERGE' }] as object[]) {
    await assertCode(copy(`${Bucket}/said`, 'c', more), 'InvalidArgument', 400)
  }
})

test('a copy onto itself must change something', async () => {
  await put('self', 'x', { Metadata: { a: '1' } })
  await assertCode(copy(`${Bucket}/self`, 'self'), 'InvalidRequest', 400)
  await copy(`${Bucket}/self`, 'self', { MetadataDirective: 'REPLACE', Metadata: { a: '2' } })
  const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: 'self' }))
  assert.deepEqual(Metadata, { a: '2' })
  assert.equal((await read('self')).toString(), 'x')
})

test('the four conditions of the source decide as in S3', async () => {
  const etag = await put('conditional', 'x')
  const past = new Date(Date.now() - 3_600_000)
  const future = new Date(Date.now() + 3_600_000)
  const from = (more: Partial<CopyObjectCommandInput>): Promise<unknown> =>
    copy(`${Bucket}/conditional`, 'conditional-copy', more)
  await from({ CopySourceIfMatch: etag })
  await from({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: past })
  await from({ CopySourceIfNoneMatch: '"x"' })
  await from({ CopySourceIfUnmodifiedSince: future })
  await from({ CopySourceIfModifiedSince: past })
  const unmet = [
    ['If-Match', { CopySourceIfMatch: '"x"' }],
    ['If-None-Match', { CopySourceIfNoneMatch: etag }],
    ['If-None-Match', { CopySourceIfNoneMatch: etag, CopySourceIfModifiedSince: past }],
    ['If-Unmodified-Since', { CopySourceIfUnmodifiedSince: past }],
    ['If-Modified-Since', { CopySourceIfModifiedSince: future }],
  ] as const
  for (const [condition, more] of unmet) {
    await assert.rejects(from(more), {
      name: 'PreconditionFailed',
      Condition: `x-amz-copy-source-${condition}`,
    })
  }
  await assert.rejects(from({ IfNoneMatch: '*' }), { Condition: 'If-None-Match' })
})

test('a copy can depend on what is at its target', async () => {
  await put('source', 'x')
  await assertCode(copy(`${Bucket}/source`, 'target', { IfMatch: '"x"' }), 'NoSuchKey', 404)
  const { CopyObjectResult } = await copy(`${Bucket}/source`, 'target', { IfNoneMatch: '*' })
  await assertCode(
    copy(`${Bucket}/source`, 'target', { IfNoneMatch: '*' }),
    'PreconditionFailed',
    412,
  )
  await assertCode(
    copy(`${Bucket}/source`, 'target', { IfMatch: '"x"' }),
    'PreconditionFailed',
    412,
  )
  await copy(`${Bucket}/source`, 'target', { IfMatch: CopyObjectResult?.ETag ?? '' })
})

test('a version is copied by its id, also onto its own name', async () => {
  const write = async (Body: string): Promise<string> => {
    await client.send(new PutObjectCommand({ Bucket: VERSIONED, Key: 'v', Body }))
    const file = await server.core.files.find({ bucket: VERSIONED, key: 'v' })
    return file?.versionId ?? ''
  }
  const first = await write('first')
  await write('second')
  const copied = await copy(`${VERSIONED}/v?versionId=${first}`, 'from-version')
  assert.equal(copied.CopySourceVersionId, first)
  assert.equal((await read('from-version')).toString(), 'first')
  const restored = await copy(`${VERSIONED}/v?versionId=${first}`, 'v', { Bucket: VERSIONED })
  assert.notEqual(restored.VersionId, undefined)
  assert.equal((await read('v', VERSIONED)).toString(), 'first')
  const unknown = `${first.slice(0, -1)}${first.endsWith('0') ? '1' : '0'}`
  await assertCode(copy(`${VERSIONED}/v?versionId=${unknown}`, 'x'), 'NoSuchVersion', 404)
  const another = '01BX5ZZKBKACTAV9WEVGEMMVRY'
  await assertCode(copy(`${VERSIONED}/v?versionId=${another}`, 'x'), 'NoSuchVersion', 404)
  await assertCode(copy(`${VERSIONED}/v?versionId=none`, 'x'), 'InvalidArgument', 400)
  await assertCode(copy(`${VERSIONED}/v?versionId=`, 'x'), 'InvalidArgument', 400)
  await client.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key: 'v' }))
  await assertCode(copy(`${VERSIONED}/v`, 'x'), 'NoSuchKey', 404)
  const query = { bucket: VERSIONED, prefix: 'v', delimiter: '', after: '', afterVersionId: null }
  const { entries } = await server.core.files.listVersions({ ...query, limit: 1 })
  const [marker] = entries
  assert.ok(marker?.kind === 'file' && marker.file.isDeleteMarker)
  await assertCode(
    copy(`${VERSIONED}/v?versionId=${marker.file.versionId}`, 'x'),
    'InvalidRequest',
    400,
  )
})

test('an escaped version is part of the key, wherever a key is read', async () => {
  await put('a?versionId=1', 'key')
  await copy(`${Bucket}/a%3FversionId%3D1`, 'escaped')
  assert.equal((await read('escaped')).toString(), 'key')
  await assertCode(copy(`${Bucket}/a?versionId=1`, 'escaped'), 'InvalidArgument', 400)
})

test('a source that cannot be a path is refused, and nothing is made', async () => {
  await put('inside', 'x')
  for (const source of [
    '/',
    Bucket,
    `${Bucket}/`,
    `${Bucket}/../${Bucket}/inside`,
    `${Bucket}/%2e%2e/inside`,
    `${Bucket}/%zz`,
    `${Bucket}/%ff`,
    `${Bucket}/a%00b`,
    'X/inside',
    'arn:aws:s3:us-east-1:123456789012:accesspoint/p/object/inside',
  ]) {
    await assertCode(copy(source, 'made'), 'InvalidArgument', 400)
  }
  await assertCode(copy('no-such-bucket/a', 'made'), 'NoSuchBucket', 404)
  await assertCode(copy(`${Bucket}/none`, 'made'), 'NoSuchKey', 404)
  await assertCode(
    copy(`${Bucket}/inside`, 'made', { Bucket: 'no-such-bucket' }),
    'NoSuchBucket',
    404,
  )
  assert.equal(await server.core.files.find({ bucket: Bucket, key: 'made' }), null)
})

test('who may not read the source may not copy it', async () => {
  await put('private/a', 'secret')
  const credentials = await server.createKey({
    name: 'narrow',
    actions: ['read', 'write'],
    pathPrefix: `${Bucket}/mine`,
  })
  const narrow = createAwsClient(server, credentials)
  await narrow.send(new PutObjectCommand({ Bucket, Key: 'mine/a', Body: 'own' }))
  const attempt = (CopySource: string, Key: string): Promise<unknown> =>
    narrow.send(new CopyObjectCommand({ Bucket, CopySource, Key }))
  await assertCode(attempt(`${Bucket}/private/a`, 'mine/b'), 'AccessDenied', 403)
  await assertCode(attempt(`${Bucket}/mine/a`, 'private/b'), 'AccessDenied', 403)
  await attempt(`${Bucket}/mine/a`, 'mine/b')
  narrow.destroy()
})

test('what came in parts is copied as it is, without its bytes', async () => {
  const bytes = randomBytes(11 * 1024 * 1024)
  await new Upload({ client, params: { Bucket, Key: 'joined', Body: bytes } }).done()
  const { CopyObjectResult } = await copy(`${Bucket}/joined`, 'joined-copy')
  assert.match(CopyObjectResult?.ETag ?? '', /^"[0-9a-f]{32}-3"$/)
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'joined' }))
  const copied = await read('joined-copy')
  assert.ok(bytes.equals(copied))
})

test('a copy gets the checksum that is asked for', async () => {
  await put('summed', 'hello', { ChecksumAlgorithm: 'CRC32' })
  const { CopyObjectResult } = await copy(`${Bucket}/summed`, 'summed-copy', {
    ChecksumAlgorithm: 'SHA1',
  })
  const sha1 = createHash('sha1').update('hello').digest('base64')
  assert.equal(CopyObjectResult?.ChecksumSHA1, sha1)
  const head = await client.send(
    new HeadObjectCommand({ Bucket, Key: 'summed-copy', ChecksumMode: 'ENABLED' }),
  )
  assert.equal(head.ChecksumSHA1, sha1)
  assert.equal(head.ChecksumCRC32, undefined, 'an object has the one that was asked for last')
})

test('SHA-256 too can be asked for, of what came with another checksum', async () => {
  await put('summed', 'hello', { ChecksumAlgorithm: 'CRC32' })
  const { CopyObjectResult } = await copy(`${Bucket}/summed`, 'summed-copy', {
    ChecksumAlgorithm: 'SHA256',
  })
  const sha256 = createHash('sha256').update('hello').digest('base64')
  assert.equal(CopyObjectResult?.ChecksumSHA256, sha256)
  assert.equal(CopyObjectResult?.ChecksumCRC32, undefined)
})

test('minio copies too', async () => {
  await put('for-minio', 'hello')
  await createMinioClient(server).copyObject(Bucket, 'minio-copy', `/${Bucket}/for-minio`)
  assert.equal((await read('minio-copy')).toString(), 'hello')
})

test('every nasty key can be copied from', async () => {
  for (const key of nastyKeys()) {
    await put(key, key)
    await copy(`${Bucket}/${encodeURIComponent(key)}`, 'from-nasty')
    assert.equal((await read('from-nasty')).toString(), key, JSON.stringify(key).slice(0, 80))
  }
})
