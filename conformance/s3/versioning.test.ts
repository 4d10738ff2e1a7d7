/** Versions, conditions and tags through the AWS SDK, and links that are for one version. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3ServiceException,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { ListObjectVersionsCommandOutput, S3Client, Tag } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { createAwsClient, presign } from '../lib/clients.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

let server: RunningServer
let client: S3Client
let count = 0

before(async () => {
  server = await startServer()
  client = createAwsClient(server)
})

after(async () => {
  client.destroy()
  await server.stop()
})

async function makeBucket(status?: 'Enabled' | 'Suspended'): Promise<string> {
  count += 1
  const Bucket = `versions-${count}`
  await client.send(new CreateBucketCommand({ Bucket }))
  if (status !== undefined) await setVersioning(Bucket, status)
  return Bucket
}

async function setVersioning(Bucket: string, Status: 'Enabled' | 'Suspended'): Promise<void> {
  const VersioningConfiguration = { Status }
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
}

async function put(Bucket: string, Key: string, Body: string): Promise<string> {
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body }))
  return VersionId ?? ''
}

async function read(Bucket: string, Key: string, VersionId?: string): Promise<string> {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))
  if (VersionId !== undefined) assert.equal(answer.VersionId, VersionId)
  return answer.Body?.transformToString() ?? assert.fail('there is no body')
}

async function refusal(call: Promise<unknown>): Promise<S3ServiceException> {
  try {
    await call
  } catch (error) {
    assert.ok(error instanceof S3ServiceException, String(error))
    return error
  }
  return assert.fail('it was not refused')
}

async function assertCode(call: Promise<unknown>, code: string, status: number): Promise<void> {
  const error = await refusal(call)
  assert.deepEqual([error.name, error.$metadata.httpStatusCode], [code, status])
}

/** `key version` of versions, `-` before a marker's, `*` behind the latest. */
function describe(page: ListObjectVersionsCommandOutput): string[] {
  const versions = (page.Versions ?? []).map((v) => ({ ...v, sign: '' }))
  const markers = (page.DeleteMarkers ?? []).map((v) => ({ ...v, sign: '-' }))
  return [...versions, ...markers].map(
    ({ Key, VersionId, IsLatest, sign }) => `${sign}${Key} ${VersionId}${IsLatest ? '*' : ''}`,
  )
}

async function listAll(Bucket: string, MaxKeys: number): Promise<string[]> {
  const seen: string[] = []
  let KeyMarker: string | undefined
  let VersionIdMarker: string | undefined
  for (;;) {
    const query = { Bucket, MaxKeys, KeyMarker, VersionIdMarker }
    const page = await client.send(new ListObjectVersionsCommand(query))
    seen.push(...describe(page))
    if (page.IsTruncated !== true) return seen
    KeyMarker = page.NextKeyMarker
    VersionIdMarker = page.NextVersionIdMarker
  }
}

test('a bucket says nothing of versions until they are switched on, and can then only suspend them', async () => {
  const Bucket = await makeBucket()
  const asked = async (): Promise<string | undefined> =>
    (await client.send(new GetBucketVersioningCommand({ Bucket }))).Status
  assert.equal(await asked(), undefined)
  assert.equal(await put(Bucket, 'a', 'unversioned'), '')
  await setVersioning(Bucket, 'Enabled')
  assert.equal(await asked(), 'Enabled')
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(head.VersionId, 'null')
  await setVersioning(Bucket, 'Suspended')
  assert.equal(await asked(), 'Suspended')
  assert.equal(await put(Bucket, 'a', 'suspended'), '')
  assert.equal(await read(Bucket, 'a', 'null'), 'suspended')
  const copy = new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` })
  assert.equal((await client.send(copy)).VersionId, undefined)
  const mfa = { Status: 'Enabled', MFADelete: 'Enabled' } as const
  const withMfa = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: mfa })
  assert.equal((await refusal(client.send(withMfa))).name, 'NotImplemented')
})

test('what is replaced or deleted stays readable by its version, and comes back', async () => {
  const Bucket = await makeBucket('Enabled')
  const first = await put(Bucket, 'a', 'one')
  const second = await put(Bucket, 'a', 'two')
  assert.notEqual(first, second)
  assert.equal(await read(Bucket, 'a'), 'two')
  assert.equal(await read(Bucket, 'a', first), 'one')
  const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  assert.equal(deleted.DeleteMarker, true)
  const marker = deleted.VersionId ?? ''
  const gone = await refusal(client.send(new GetObjectCommand({ Bucket, Key: 'a' })))
  assert.deepEqual(
    [gone.name, gone.$response?.headers['x-amz-delete-marker']],
    ['NoSuchKey', 'true'],
  )
  assert.equal(gone.$response?.headers['x-amz-version-id'], marker)
  const byMarker = client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: marker }))
  const refused = await refusal(byMarker)
  assert.deepEqual([refused.name, refused.$metadata.httpStatusCode], ['MethodNotAllowed', 405])
  assert.equal(refused.$response?.headers['allow'], 'DELETE')
  assert.equal(await read(Bucket, 'a', second), 'two')
  const undone = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: marker }))
  assert.deepEqual([undone.DeleteMarker, undone.VersionId], [true, marker])
  assert.equal(await read(Bucket, 'a'), 'two')
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: second }))
  assert.equal(await read(Bucket, 'a'), 'one')
  const get = (VersionId: string): Promise<unknown> =>
    client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId }))
  await assertCode(get(second), 'NoSuchVersion', 404)
  await assertCode(get('no-version'), 'InvalidArgument', 400)
  await assertCode(client.send(new DeleteBucketCommand({ Bucket })), 'BucketNotEmpty', 409)
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: first }))
  await client.send(new DeleteBucketCommand({ Bucket }))
})

test('every version and marker is listed once, whatever the size of the pages', async () => {
  const Bucket = await makeBucket('Enabled')
  const expected: string[] = []
  for (const key of ['a/1', 'b', 'c']) {
    const versions = [await put(Bucket, key, '1'), await put(Bucket, key, '2')]
    const { VersionId = '' } = await client.send(new DeleteObjectCommand({ Bucket, Key: key }))
    const last = await put(Bucket, key, '3')
    expected.push(`${key} ${last}*`, `-${key} ${VersionId}`)
    expected.push(...versions.toReversed().map((version) => `${key} ${version}`))
  }
  for (const size of [1, 2, 5, 1000]) {
    assert.deepEqual((await listAll(Bucket, size)).toSorted(), expected.toSorted(), `${size}`)
  }
  const list = (query: object): Promise<ListObjectVersionsCommandOutput> =>
    client.send(new ListObjectVersionsCommand({ Bucket, ...query }))
  const folders = await list({ Delimiter: '/' })
  assert.deepEqual(folders.CommonPrefixes, [{ Prefix: 'a/' }])
  assert.equal(describe(folders).length, 8)
  assert.equal(describe(await list({ Prefix: 'b' })).length, 4)
  for (const version of (await list({})).Versions ?? []) {
    assert.equal(version.ChecksumAlgorithm?.length, 1)
    assert.equal(version.ChecksumType, 'FULL_OBJECT')
  }
  const none = await list({ MaxKeys: 0 })
  assert.deepEqual([describe(none), none.IsTruncated], [[], false])
  await assertCode(list({ VersionIdMarker: 'x' }), 'InvalidArgument', 400)
})

test('a place in a list of versions is a name and the id of a version', async () => {
  const Bucket = await makeBucket('Enabled')
  await put(Bucket, 'a', 'x')
  const asked = (place: object): Promise<unknown> =>
    client.send(new ListObjectVersionsCommand({ Bucket, ...place }))
  await assertCode(asked({ VersionIdMarker: 'null' }), 'InvalidArgument', 400)
  await assertCode(asked({ KeyMarker: 'a', VersionIdMarker: 'x' }), 'InvalidArgument', 400)
})

test('names that need it are encoded in lists of versions', async () => {
  const Bucket = await makeBucket('Enabled')
  await put(Bucket, 'a b/ü&<.txt', 'x')
  const query = { Bucket, EncodingType: 'url', Prefix: 'a b' } as const
  const page = await client.send(new ListObjectVersionsCommand(query))
  assert.deepEqual([page.Versions?.[0]?.Key, page.Prefix], ['a%20b/%C3%BC%26%3C.txt', 'a%20b'])
})

test('deletes ask for what they are told to ask, and leave what is not as it must be', async () => {
  const Bucket = await makeBucket()
  const Key = 'a'
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body: 'four' }))
  const { LastModified } = await client.send(new HeadObjectCommand({ Bucket, Key }))
  const remove = (conditions: object, key = Key): Promise<unknown> =>
    client.send(new DeleteObjectCommand({ Bucket, Key: key, ...conditions }))
  await assertCode(remove({ IfMatch: '"other"' }), 'PreconditionFailed', 412)
  await assertCode(remove({ IfMatchSize: 5 }), 'PreconditionFailed', 412)
  const early = { IfMatchLastModifiedTime: new Date(0) }
  await assertCode(remove(early), 'PreconditionFailed', 412)
  assert.equal(await read(Bucket, Key), 'four')
  await assertCode(remove({ IfMatch: '*' }, 'missing'), 'NoSuchKey', 404)
  await assertCode(remove({ IfMatch: ETag }, 'missing'), 'NoSuchKey', 404)
  await remove({ IfMatch: ETag, IfMatchSize: 4, IfMatchLastModifiedTime: LastModified })
  await assertCode(read(Bucket, Key), 'NoSuchKey', 404)
  await remove({})
  await setVersioning(Bucket, 'Enabled')
  const version = await put(Bucket, Key, 'five!')
  await remove({})
  await assertCode(remove({ IfMatch: '*' }), 'PreconditionFailed', 412)
  await assertCode(remove({ IfMatchSize: 4, VersionId: version }), 'PreconditionFailed', 412)
  await remove({ IfMatchSize: 5, VersionId: version })
})

test('of many writes that ask for the same ETag, one is done', async () => {
  const Bucket = await makeBucket()
  const Key = 'a'
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key, Body: '0' }))
  const writes = Array.from({ length: 8 }, (_, index) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: `${index + 1}`, IfMatch: ETag })),
  )
  const outcomes = await Promise.allSettled(writes)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('tags come with a PUT, are replaced and removed, and make no version', async () => {
  const Bucket = await makeBucket('Enabled')
  const Key = 'a'
  const { VersionId } = await client.send(
    new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'team=a%20b&empty=' }),
  )
  const tags = async (version?: string): Promise<unknown> =>
    (await client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId: version }))).TagSet
  const before = [
    { Key: 'empty', Value: '' },
    { Key: 'team', Value: 'a b' },
  ]
  assert.deepEqual(await tags(), before)
  assert.equal((await client.send(new HeadObjectCommand({ Bucket, Key }))).TagCount, 2)
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'y' }))
  assert.deepEqual(await tags(), [])
  const TagSet = [{ Key: 'k', Value: 'ü' }]
  const put = new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } })
  await client.send(put)
  assert.deepEqual([await tags(), await tags(VersionId)], [TagSet, before])
  const older = { Bucket, Key, VersionId }
  await client.send(new PutObjectTaggingCommand({ ...older, Tagging: { TagSet } }))
  await client.send(new DeleteObjectTaggingCommand({ Bucket, Key }))
  assert.deepEqual([await tags(), await tags(VersionId)], [[], TagSet])
  assert.equal((await listAll(Bucket, 10)).length, 2)
  const missing = new GetObjectTaggingCommand({ Bucket, Key: 'none' })
  await assertCode(client.send(missing), 'NoSuchKey', 404)
})

test('tags beyond the limits of S3 are refused, and change nothing', async () => {
  const Bucket = await makeBucket()
  const Key = 'a'
  await put(Bucket, Key, 'x')
  const many = (length: number): { Key: string; Value: string }[] =>
    Array.from({ length }, (_, index) => ({ Key: `k${index}`, Value: 'v' }))
  const tag = (TagSet: { Key: string; Value: string }[]): Promise<unknown> =>
    client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }))
  const bad = [
    many(11),
    [...many(1), ...many(1)],
    [{ Key: 'k'.repeat(129), Value: '' }],
    [{ Key: 'k', Value: 'v'.repeat(257) }],
    [{ Key: '', Value: 'v' }],
    [{ Key: 'aws:k', Value: 'v' }],
    [{ Key: 'k', Value: '<' }],
  ]
  for (const set of bad) await assertCode(tag(set), 'InvalidTag', 400)
  await tag([...many(9), { Key: 'k'.repeat(128), Value: 'v'.repeat(256) }])
  const header = (Tagging: string): Promise<unknown> =>
    client.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'x', Tagging }))
  await assertCode(header('a=1&a=2'), 'InvalidArgument', 400)
  await assertCode(header('a=%zz'), 'InvalidArgument', 400)
  await assertCode(header(`${'k'.repeat(129)}=`), 'InvalidTag', 400)
  await assertCode(read(Bucket, 'b'), 'NoSuchKey', 404)
})

test('a bucket may be made with its tags, and is not made with such as cannot be', async () => {
  const make = (Bucket: string, ...Tags: Tag[]): Promise<unknown> =>
    client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { Tags } }))
  const tag = { Key: 'team', Value: 'one' }
  await make('made-tagged', tag)
  const get = new GetBucketTaggingCommand({ Bucket: 'made-tagged' })
  assert.deepEqual((await client.send(get)).TagSet, [tag])
  await make('made-tagged', { Key: 'team', Value: 'two' })
  assert.deepEqual((await client.send(get)).TagSet, [tag], 'it was there before')
  await assertCode(make('not-made', tag, tag), 'InvalidTag', 400)
  await assertCode(make('not-made', { Key: 'aws:x', Value: '' }), 'InvalidTag', 400)
  const missing = new GetBucketTaggingCommand({ Bucket: 'not-made' })
  await assertCode(client.send(missing), 'NoSuchBucket', 404)
})

test('a bucket has tags of its own', async () => {
  const Bucket = await makeBucket()
  const get = new GetBucketTaggingCommand({ Bucket })
  await assertCode(client.send(get), 'NoSuchTagSet', 404)
  const TagSet = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index + 10}`, Value: 'v' }))
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  assert.deepEqual((await client.send(get)).TagSet, TagSet)
  const more = { TagSet: [...TagSet, { Key: 'one', Value: 'more' }] }
  const tooMany = new PutBucketTaggingCommand({ Bucket, Tagging: more })
  await assertCode(client.send(tooMany), 'InvalidTag', 400)
  await client.send(new DeleteBucketTaggingCommand({ Bucket }))
  await assertCode(client.send(get), 'NoSuchTagSet', 404)
})

test('a link for one version opens that one, whatever is current, and nobody else sees versions', async () => {
  const Bucket = await makeBucket('Enabled')
  const first = await put(Bucket, 'a', 'one')
  await put(Bucket, 'a', 'two')
  const call = (body: unknown): Promise<Response> =>
    fetch(`${server.origin}/v1/links`, {
      method: 'POST',
      headers: { authorization: server.adminKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const path = `${Bucket}/a`
  const issued = await call({ path, version: first })
  const { id, url } = (await issued.json()) as { id: string; url: string }
  assert.equal(await (await fetch(url)).text(), 'one')
  const headers = { authorization: server.adminKey }
  const record = await fetch(`${server.origin}/v1/links/${id}`, { headers })
  assert.equal(((await record.json()) as { version: string }).version, first)
  assert.equal((await fetch(url.replace(first, 'null'))).status, 403)
  assert.equal((await fetch(url.replace(/&versionId=[^&]*/, ''))).status, 403)
  const known = (await call({ path, version: 'none' })).status
  const upload = (await call({ path, version: first, method: 'PUT' })).status
  assert.deepEqual([known, upload], [404, 400])
  await fetch(`${server.origin}/v1/folders/${Bucket}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ visibility: 'public' }),
  })
  assert.equal(await (await fetch(`${server.origin}/${path}`)).text(), 'two')
  for (const query of [`versionId=${first}`, 'tagging', 'acl', 'versionId=null']) {
    assert.equal((await fetch(`${server.origin}/${path}?${query}`)).status, 403, query)
  }
  const foreign = presign(server, 'GET', path, { query: { versionId: first } })
  assert.equal(await (await fetch(foreign)).text(), 'one')
})

test('a completed upload, a form, a copied part and a list of attributes say which version they are of', async () => {
  const Bucket = await makeBucket('Enabled')
  const first = await put(Bucket, 'a', 'first')
  const second = await put(Bucket, 'a', 'second')
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }))
  const part = { Bucket, Key: 'a', UploadId, PartNumber: 1 }
  const CopySource = `${Bucket}/a?versionId=${first}`
  const copied = await client.send(new UploadPartCopyCommand({ ...part, CopySource }))
  assert.equal(copied.CopySourceVersionId, first)
  const Parts = [{ PartNumber: 1, ETag: copied.CopyPartResult?.ETag }]
  const completion = { Bucket, Key: 'a', UploadId, MultipartUpload: { Parts } }
  const { VersionId } = await client.send(new CompleteMultipartUploadCommand(completion))
  assert.equal(await read(Bucket, 'a', VersionId), 'first')
  assert.equal(await read(Bucket, 'a', second), 'second')

  const asked = { Bucket, Key: 'a', ObjectAttributes: ['ObjectSize' as const] }
  const current = await client.send(new GetObjectAttributesCommand(asked))
  assert.deepEqual([current.VersionId, current.ObjectSize], [VersionId, 5])
  const older = await client.send(new GetObjectAttributesCommand({ ...asked, VersionId: second }))
  assert.deepEqual([older.VersionId, older.ObjectSize], [second, 6])

  const form = await createPresignedPost(client, { Bucket, Key: 'a' })
  const body = new FormData()
  for (const [field, value] of Object.entries(form.fields)) body.append(field, value)
  body.append('file', new Blob(['by form']))
  const posted = await fetch(form.url, { method: 'POST', body })
  assert.equal(await read(Bucket, 'a', posted.headers.get('x-amz-version-id') ?? ''), 'by form')
  assert.equal((await listAll(Bucket, 10)).length, 4)
})
