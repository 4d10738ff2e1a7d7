/** Bulk deletion by the AWS SDK: a thousand keys, quietly, each with its own right and its own outcome. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import type { DeleteObjectsCommandOutput, ObjectIdentifier, S3Client } from '@aws-sdk/client-s3'
import { createAwsClient, createMinioClient, presign } from '../lib/clients.ts'
import { nastyKeys } from '../lib/nasty-keys.ts'
import { putFile } from '../lib/put-files.ts'
import { startServer } from '../lib/start-server.ts'
import type { Credentials, RunningServer } from '../lib/start-server.ts'

const Bucket = 'bulk'
const VERSIONED = 'versioned'
let server: RunningServer
let client: S3Client

before(async () => {
  server = await startServer()
  client = createAwsClient(server)
  for (const name of [Bucket, VERSIONED])
    await client.send(new CreateBucketCommand({ Bucket: name }))
  await server.core.catalog.buckets.update(VERSIONED, { versioning: 'enabled' }, null)
})

after(async () => {
  client.destroy()
  await server.stop()
})

function remove(
  Objects: ObjectIdentifier[],
  more: { Quiet?: boolean; from?: string; by?: S3Client } = {},
): Promise<DeleteObjectsCommandOutput> {
  const { Quiet = false, from = Bucket, by = client } = more
  return by.send(new DeleteObjectsCommand({ Bucket: from, Delete: { Objects, Quiet } }))
}

async function keysLeft(bucket: string = Bucket): Promise<string[]> {
  const query = { bucket, prefix: '', delimiter: '', after: '', limit: 5000 }
  const { entries } = await server.core.files.list(query)
  return entries.map((entry) => (entry.kind === 'file' ? entry.file.key : entry.prefix))
}

async function assertCode(call: Promise<unknown>, code: string, status: number): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof S3ServiceException, String(error))
    assert.equal(error.name, code)
    assert.equal(error.$metadata.httpStatusCode, status)
    return true
  })
}

test('a thousand keys go in one call, those that are not there too', async () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `many/${index} ü&<>`)
  for (const key of keys.slice(0, 300)) await putFile(server, { bucket: Bucket, key }, 'x')
  await putFile(server, { bucket: Bucket, key: 'stays' }, 'x')
  const { Deleted = [], Errors = [] } = await remove(keys.map((Key) => ({ Key })))
  assert.deepEqual(Errors, [])
  assert.deepEqual(
    Deleted.map(({ Key }) => Key),
    keys,
  )
  assert.deepEqual(await keysLeft(), ['stays'])
  await assertCode(remove([...keys, 'one more'].map((Key) => ({ Key }))), 'MalformedXML', 400)
  await assertCode(remove([]), 'MalformedXML', 400)
  await assertCode(remove([{ Key: 'a' }], { from: 'no-such-bucket' }), 'NoSuchBucket', 404)
})

test('every nasty key goes by its own name', async () => {
  const keys = nastyKeys()
  for (const key of keys) await putFile(server, { bucket: Bucket, key }, 'x')
  const { Errors = [] } = await remove(keys.map((Key) => ({ Key })))
  assert.deepEqual(Errors, [])
  assert.deepEqual(await keysLeft(), ['stays'])
})

test('quietly, only what went wrong is told', async () => {
  await putFile(server, { bucket: Bucket, key: 'quiet' }, 'x')
  const answer = await remove([{ Key: 'quiet' }, { Key: 'a/../b' }], { Quiet: true })
  assert.deepEqual(answer.Deleted ?? [], [])
  assert.deepEqual(
    answer.Errors?.map(({ Key, Code }) => [Key, Code]),
    [['a/../b', 'InvalidURI']],
  )
  assert.deepEqual(await keysLeft(), ['stays'])
})

test('each key needs its own right, and the others go', async () => {
  for (const key of ['mine/a', 'mine/b', 'yours/a']) {
    await putFile(server, { bucket: Bucket, key }, 'x')
  }
  const actions = ['delete'] as const
  const narrow = createAwsClient(
    server,
    await server.createKey({ name: 'narrow', actions, pathPrefix: `${Bucket}/mine` }),
  )
  const named = [{ Key: 'mine/a' }, { Key: 'yours/a' }, { Key: 'mine/b' }]
  const { Deleted = [], Errors = [] } = await remove(named, { by: narrow })
  assert.deepEqual(
    Deleted.map(({ Key }) => Key),
    ['mine/a', 'mine/b'],
  )
  assert.deepEqual(
    Errors.map(({ Key, Code }) => [Key, Code]),
    [['yours/a', 'AccessDenied']],
  )
  assert.deepEqual(await keysLeft(), ['stays', 'yours/a'])
  const stranger = createAwsClient(
    server,
    await server.createKey({ name: 'stranger', actions, pathPrefix: 'elsewhere' }),
  )
  await assertCode(remove([{ Key: 'yours/a' }], { by: stranger }), 'AccessDenied', 403)
  const readOnly = createAwsClient(
    server,
    await server.createKey({ name: 'reader', actions: ['read', 'write', 'list'] }),
  )
  await assertCode(remove([{ Key: 'yours/a' }], { by: readOnly }), 'AccessDenied', 403)
  assert.deepEqual((await remove([{ Key: 'yours/a' }])).Deleted?.length, 1)
  for (const some of [narrow, stranger, readOnly]) some.destroy()
})

test('what must be so of an object is asked of each', async () => {
  await putFile(server, { bucket: Bucket, key: 'a' }, 'hello')
  const etag = createHash('md5').update('hello').digest('hex')
  const codeOf = async (named: Omit<ObjectIdentifier, 'Key'>): Promise<string | undefined> => {
    const { Errors = [] } = await remove([{ Key: 'a', ...named }])
    return Errors[0]?.Code
  }
  assert.equal(await codeOf({ ETag: '"x"' }), 'PreconditionFailed')
  assert.equal(await codeOf({ Size: 4 }), 'PreconditionFailed')
  assert.equal(await codeOf({ LastModifiedTime: new Date(0) }), 'PreconditionFailed')
  const file = await server.core.files.find({ bucket: Bucket, key: 'a' })
  const LastModifiedTime = new Date(file?.modifiedAt ?? 0)
  assert.equal(await codeOf({ ETag: `"${etag}"`, Size: 5, LastModifiedTime }), undefined)
  assert.equal(await codeOf({ ETag: '*' }), 'NoSuchKey')
})

test('where versions are kept, a marker is set, and versions and markers go by their id', async () => {
  await client.send(new PutObjectCommand({ Bucket: VERSIONED, Key: 'v', Body: 'one' }))
  const file = await server.core.files.find({ bucket: VERSIONED, key: 'v' })
  const first = await remove([{ Key: 'v' }], { from: VERSIONED })
  const [marked] = first.Deleted ?? []
  assert.equal(marked?.DeleteMarker, true)
  const marker = marked.DeleteMarkerVersionId ?? ''
  assert.notEqual(marker, '')
  const both = await remove(
    [
      { Key: 'v', VersionId: marker },
      { Key: 'v', VersionId: file?.versionId ?? '' },
    ],
    { from: VERSIONED },
  )
  assert.deepEqual(
    both.Deleted?.map(({ VersionId, DeleteMarker }) => [VersionId, DeleteMarker ?? false]),
    [
      [marker, true],
      [file?.versionId, false],
    ],
  )
  const query = { bucket: VERSIONED, prefix: '', delimiter: '', after: '', afterVersionId: null }
  const { entries } = await server.core.files.listVersions({ ...query, limit: 10 })
  assert.deepEqual(entries, [])
})

const DOCUMENT = '<Delete><Object><Key>stays</Key></Object></Delete>'

/** Presigned, with the digest signed too. */
async function send(credentials: Credentials, md5: string | null): Promise<Response> {
  const headers = md5 === null ? {} : { 'content-md5': md5 }
  const url = presign(server, 'POST', Bucket, { query: { delete: '' }, credentials, headers })
  return fetch(url, { method: 'POST', body: DOCUMENT, headers })
}

const MD5 = createHash('md5').update(DOCUMENT).digest('base64')

test('the document must be proved by a digest, and be the one that was proved', async () => {
  const key = await server.createKey({ name: 'b', actions: ['delete'], mayPresignDelete: true })
  const without = await send(key, null)
  assert.equal(without.status, 400)
  assert.match(await without.text(), /<Code>InvalidRequest<\/Code>/)
  const wrong = await send(key, createHash('md5').digest('base64'))
  assert.match(await wrong.text(), /<Code>BadDigest<\/Code>/)
  assert.deepEqual(await keysLeft(), ['stays'])
})

test('a presigned bulk deletion works only where the key may presign deletions', async () => {
  const careful = await server.createKey({ name: 'careful', actions: ['delete'] })
  assert.equal((await send(careful, MD5)).status, 403)
  assert.deepEqual(await keysLeft(), ['stays'])
  const bold = await server.createKey({ name: 'b', actions: ['delete'], mayPresignDelete: true })
  const answer = await send(bold, MD5)
  assert.equal(answer.status, 200, await answer.text())
  assert.deepEqual(await keysLeft(), [])
})

test('minio deletes in bulk too', async () => {
  for (const key of ['m/a', 'm/b']) await putFile(server, { bucket: Bucket, key }, 'x')
  await createMinioClient(server).removeObjects(Bucket, ['m/a', 'm/b'])
  assert.deepEqual(await keysLeft(), [])
})
