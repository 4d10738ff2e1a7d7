/** The AWS SDK with its defaults: what people already have must work unchanged. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { createAwsClient } from '../lib/clients.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const Bucket = 'sdk-bucket'
let server: RunningServer
let client: S3Client

before(async () => {
  server = await startServer()
  client = createAwsClient(server)
  await client.send(new CreateBucketCommand({ Bucket }))
})

after(async () => {
  client.destroy()
  await server.stop()
})

async function put(input: Omit<PutObjectCommandInput, 'Bucket'>): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, ...input }))
}

async function read(Key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
  assert.ok(Body !== undefined)
  return Body.transformToString()
}

async function assertCode(call: Promise<unknown>, code: string, status: number): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof S3ServiceException, String(error))
    assert.equal(error.name, code)
    assert.equal(error.$metadata.httpStatusCode, status)
    assert.match(error.$metadata.requestId ?? '', /^[0-9A-F]{16}$/)
    return true
  })
}

test('buckets: create, head, locate, list, delete', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'short-lived' }))
  await client.send(new HeadBucketCommand({ Bucket: 'short-lived' }))
  const location = await client.send(new GetBucketLocationCommand({ Bucket: 'short-lived' }))
  assert.ok((location.LocationConstraint ?? '') === '')
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}))
  assert.deepEqual(
    Buckets.map(({ Name }) => Name),
    [Bucket, 'short-lived'],
  )
  assert.ok(Buckets.every(({ CreationDate }) => CreationDate instanceof Date))
  await client.send(new DeleteBucketCommand({ Bucket: 'short-lived' }))
  await assertCode(client.send(new HeadBucketCommand({ Bucket: 'short-lived' })), 'NotFound', 404)
})

test('a string goes in and comes out, with everything said about it', async () => {
  await put({
    Key: 'said.txt',
    Body: 'hello',
    ContentType: 'text/plain; charset=utf-8',
    ContentLanguage: 'de',
    ContentEncoding: 'identity',
    CacheControl: 'max-age=30',
    ContentDisposition: 'inline; filename="x.txt"',
    Metadata: { colour: 'blue', Shade: 'dark' },
  })
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'said.txt' }))
  assert.equal(head.ContentType, 'text/plain; charset=utf-8')
  assert.equal(head.ContentLanguage, 'de')
  assert.equal(head.ContentEncoding, 'identity')
  assert.equal(head.ContentLength, 5)
  assert.equal(head.ContentDisposition, 'inline; filename="x.txt"')
  assert.equal(head.CacheControl, 'private, max-age=30')
  assert.deepEqual(head.Metadata, { colour: 'blue', shade: 'dark' })
  assert.equal(head.ETag, `"${createHash('md5').update('hello').digest('hex')}"`)
  assert.equal(await read('said.txt'), 'hello')
})

test('bodies of every kind and size: empty, bytes, a stream with its trailer', async () => {
  await put({ Key: 'empty', Body: '' })
  assert.equal(await read('empty'), '')
  const bytes = Buffer.alloc(300_000, 'abcdefg')
  await put({ Key: 'bytes', Body: bytes })
  assert.equal(await read('bytes'), bytes.toString())
  const path = join(server.dataDir, 'upload.bin')
  await writeFile(path, bytes)
  await put({ Key: 'stream', Body: createReadStream(path), ContentLength: bytes.length })
  assert.equal(await read('stream'), bytes.toString())
})

test('every checksum the SDK can send is computed, compared and returned', async () => {
  for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
    const sent = await client.send(
      new PutObjectCommand({ Bucket, Key: 'checked', Body: 'hello', ChecksumAlgorithm }),
    )
    const returned = sent[`Checksum${ChecksumAlgorithm}`]
    assert.ok(returned !== undefined, ChecksumAlgorithm)
    const file = { Bucket, Key: 'checked' }
    const head = await client.send(new HeadObjectCommand({ ...file, ChecksumMode: 'ENABLED' }))
    assert.equal(head[`Checksum${ChecksumAlgorithm}`], returned)
    assert.equal(head.ChecksumType, 'FULL_OBJECT')
    const got = await client.send(new GetObjectCommand({ ...file, ChecksumMode: 'ENABLED' }))
    assert.equal(await got.Body?.transformToString(), 'hello')
    const listing = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'checked' }))
    assert.deepEqual(listing.Contents?.[0]?.ChecksumAlgorithm, [ChecksumAlgorithm])
    const attributes = await client.send(
      new GetObjectAttributesCommand({
        ...file,
        ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'],
      }),
    )
    assert.equal(attributes.Checksum?.[`Checksum${ChecksumAlgorithm}`], returned)
    assert.equal(`"${attributes.ETag}"`, head.ETag)
    assert.equal(attributes.ObjectSize, 5)
    assert.equal(attributes.StorageClass, 'STANDARD')
  }
  const wrong = new PutObjectCommand({
    Bucket,
    Key: 'never',
    Body: 'hello',
    ChecksumSHA256: createHash('sha256').update('other').digest('base64'),
  })
  await assertCode(client.send(wrong), 'BadDigest', 400)
  const md5 = createHash('md5').update('other').digest('base64')
  const command = new PutObjectCommand({ Bucket, Key: 'never', Body: 'hello', ContentMD5: md5 })
  await assertCode(client.send(command), 'BadDigest', 400)
  await assertCode(client.send(new GetObjectCommand({ Bucket, Key: 'never' })), 'NoSuchKey', 404)
})

test('ranges and conditions', async () => {
  await put({ Key: 'ten', Body: '0123456789' })
  const part = await client.send(new GetObjectCommand({ Bucket, Key: 'ten', Range: 'bytes=2-4' }))
  assert.equal(await part.Body?.transformToString(), '234')
  assert.equal(part.ContentRange, 'bytes 2-4/10')
  const far = new GetObjectCommand({ Bucket, Key: 'ten', Range: 'bytes=10-' })
  await assertCode(client.send(far), 'InvalidRange', 416)
  const { ETag } = part
  assert.ok(ETag !== undefined)
  const unchanged = new GetObjectCommand({ Bucket, Key: 'ten', IfNoneMatch: ETag })
  await assert.rejects(client.send(unchanged), (error) => {
    assert.ok(error instanceof S3ServiceException)
    return error.$metadata.httpStatusCode === 304
  })
  const changed = new GetObjectCommand({ Bucket, Key: 'ten', IfMatch: '"0"' })
  await assertCode(client.send(changed), 'PreconditionFailed', 412)
  const again = new PutObjectCommand({ Bucket, Key: 'ten', Body: 'x', IfNoneMatch: '*' })
  await assertCode(client.send(again), 'PreconditionFailed', 412)
  await put({ Key: 'ten', Body: 'new', IfMatch: ETag })
  assert.equal(await read('ten'), 'new')
})

test('lists: prefix, delimiter, pages, both versions', async () => {
  const keys = ['list/a', 'list/b/1', 'list/b/2', 'list/c d+e', 'list/é']
  for (const Key of keys) await put({ Key, Body: Key })
  const page = await client.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/', FetchOwner: true }),
  )
  assert.deepEqual(
    page.Contents?.map(({ Key }) => Key),
    ['list/a', 'list/c d+e', 'list/é'],
  )
  assert.deepEqual(
    page.CommonPrefixes?.map(({ Prefix }) => Prefix),
    ['list/b/'],
  )
  assert.equal(page.KeyCount, 4)
  assert.ok(page.Contents?.every(({ Owner }) => Owner?.ID !== undefined))
  const seen: (string | undefined)[] = []
  const pages = paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Prefix: 'list/' })
  for await (const { Contents = [] } of pages) seen.push(...Contents.map(({ Key }) => Key))
  assert.deepEqual(seen, keys)
  const first = await client.send(new ListObjectsCommand({ Bucket, Prefix: 'list/', MaxKeys: 2 }))
  assert.equal(first.IsTruncated, true)
  assert.equal(first.NextMarker, 'list/b/1')
})

test('deletes: what is there, what is not, and never a bucket that holds something', async () => {
  await put({ Key: 'gone', Body: 'x' })
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))
  await assertCode(client.send(new GetObjectCommand({ Bucket, Key: 'gone' })), 'NoSuchKey', 404)
  await assertCode(client.send(new DeleteBucketCommand({ Bucket })), 'BucketNotEmpty', 409)
})

test('what is missing or not allowed has the names the SDK knows', async () => {
  const missing = new ListObjectsV2Command({ Bucket: 'no-such-bucket' })
  await assertCode(client.send(missing), 'NoSuchBucket', 404)
  const reader = createAwsClient(
    server,
    await server.createKey({ name: 'reader', actions: ['read'], pathPrefix: `${Bucket}/pub/` }),
  )
  const outside = new GetObjectCommand({ Bucket, Key: 'said.txt' })
  await assertCode(reader.send(outside), 'AccessDenied', 403)
  const write = new PutObjectCommand({ Bucket, Key: 'pub/x', Body: 'x' })
  await assertCode(reader.send(write), 'AccessDenied', 403)
  const wrong = createAwsClient(server, { ...server.credentials, secretAccessKey: 'x'.repeat(40) })
  await assertCode(wrong.send(new ListBucketsCommand({})), 'SignatureDoesNotMatch', 403)
  const unknown = createAwsClient(server, { ...server.credentials, accessKeyId: 'HPNOBODY' })
  await assertCode(unknown.send(new ListBucketsCommand({})), 'InvalidAccessKeyId', 403)
  reader.destroy()
  wrong.destroy()
  unknown.destroy()
})

test('presigned URLs with their defaults: GET, HEAD, PUT, DELETE, and names for the download', async () => {
  const Key = 'presigned.txt'
  const upload = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key }), {
    expiresIn: 60,
  })
  const stored = await fetch(upload, { method: 'PUT', body: 'through the door' })
  assert.equal(stored.status, 200, await stored.text())
  const get = new GetObjectCommand({
    Bucket,
    Key,
    ResponseContentDisposition: 'attachment; filename="report.txt"',
    ResponseContentType: 'text/plain',
    ResponseCacheControl: 'no-store',
  })
  const read = await fetch(await getSignedUrl(client, get, { expiresIn: 60 }))
  assert.equal(await read.text(), 'through the door')
  assert.equal(read.headers.get('content-disposition'), 'attachment; filename="report.txt"')
  assert.equal(read.headers.get('cache-control'), 'private, no-store')
  const head = await getSignedUrl(client, new HeadObjectCommand({ Bucket, Key }), { expiresIn: 60 })
  assert.equal((await fetch(head, { method: 'HEAD' })).headers.get('content-length'), '16')
  const list = await getSignedUrl(client, new ListObjectsV2Command({ Bucket, Prefix: Key }))
  assert.match(await (await fetch(list)).text(), /<Key>presigned.txt<\/Key>/)
  const remove = await getSignedUrl(client, new DeleteObjectCommand({ Bucket, Key }))
  assert.equal((await fetch(remove, { method: 'DELETE' })).status, 204)
  assert.equal((await fetch(remove, { method: 'GET' })).status, 403)
})
