/** What S3 clients do with a mounted bucket, and what the store behind it then holds. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutBucketVersioningCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { askRest, withMountedBucket } from './mounted-world.ts'

const MIB = 1024 * 1024

async function bytesAt(client: S3Client, bucket: string, key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

test('what is there already is listed and read, with its headers, by range and under conditions', () =>
  withMountedBucket(async ({ inner, outer }) => {
    const bytes = randomBytes(3 * MIB)
    await inner.send(
      new PutObjectCommand({
        Bucket: 'inner',
        Key: 'a/ü b+c.bin',
        Body: bytes,
        ContentType: 'text/x-mine',
        CacheControl: 'max-age=60',
        ContentLanguage: 'de',
        Metadata: { colour: 'red' },
      }),
    )
    for (const Key of ['a/1', 'a/2', 'b/1', 'c', 'empty']) {
      await inner.send(
        new PutObjectCommand({ Bucket: 'inner', Key, Body: Key === 'empty' ? '' : Key }),
      )
    }
    const listed = await outer.send(new ListObjectsV2Command({ Bucket: 'outer', Delimiter: '/' }))
    assert.deepEqual(
      listed.CommonPrefixes?.map(({ Prefix }) => Prefix),
      ['a/', 'b/'],
    )
    assert.deepEqual(
      listed.Contents?.map(({ Key }) => Key),
      ['c', 'empty'],
    )
    const keys: (string | undefined)[] = []
    let token: string | undefined
    do {
      const page = await outer.send(
        new ListObjectsV2Command({ Bucket: 'outer', MaxKeys: 2, ContinuationToken: token }),
      )
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
      token = page.NextContinuationToken
    } while (token !== undefined)
    assert.deepEqual(keys, ['a/1', 'a/2', 'a/ü b+c.bin', 'b/1', 'c', 'empty'])

    const head = await outer.send(new HeadObjectCommand({ Bucket: 'outer', Key: 'a/ü b+c.bin' }))
    assert.equal(head.ContentLength, bytes.length)
    assert.equal(head.ContentType, 'text/x-mine')
    assert.equal(head.ContentLanguage, 'de')
    assert.deepEqual(head.Metadata, { colour: 'red' })
    assert.ok((await bytesAt(outer, 'outer', 'a/ü b+c.bin')).equals(bytes))
    assert.equal((await bytesAt(outer, 'outer', 'empty')).length, 0)

    const part = await outer.send(
      new GetObjectCommand({ Bucket: 'outer', Key: 'a/ü b+c.bin', Range: 'bytes=100-199' }),
    )
    assert.equal(part.ContentRange, `bytes 100-199/${bytes.length}`)
    const piece = Buffer.from((await part.Body?.transformToByteArray()) ?? [])
    assert.ok(piece.equals(bytes.subarray(100, 200)))
    const asked = { Bucket: 'outer', Key: 'c' }
    await assert.rejects(
      outer.send(new GetObjectCommand({ ...asked, IfMatch: '"no"' })),
      (error) => nameOf(error) === 'PreconditionFailed',
    )
    await assert.rejects(
      outer.send(new GetObjectCommand({ Bucket: 'outer', Key: 'none' })),
      (error) => nameOf(error) === 'NoSuchKey',
    )
  }))

test('what is written lies in the store under its own key and nothing besides', () =>
  withMountedBucket(async ({ inner, outer }) => {
    const bytes = randomBytes(MIB)
    const put = await outer.send(
      new PutObjectCommand({
        Bucket: 'outer',
        Key: 'new/file.bin',
        Body: bytes,
        ContentType: 'image/png',
        Metadata: { a: 'b' },
      }),
    )
    const head = await inner.send(new HeadObjectCommand({ Bucket: 'inner', Key: 'new/file.bin' }))
    assert.equal(head.ETag, put.ETag)
    assert.equal(head.ContentType, 'image/png')
    assert.deepEqual(head.Metadata, { a: 'b' })
    assert.ok((await bytesAt(inner, 'inner', 'new/file.bin')).equals(bytes))

    const again = { Bucket: 'outer', Key: 'new/file.bin', Body: 'x' }
    await assert.rejects(
      outer.send(new PutObjectCommand({ ...again, IfNoneMatch: '*' })),
      (error) => nameOf(error) === 'PreconditionFailed',
    )
    await assert.rejects(
      outer.send(new PutObjectCommand({ ...again, IfMatch: '"0123"' })),
      (error) => nameOf(error) === 'PreconditionFailed',
    )
    await outer.send(new PutObjectCommand({ ...again, IfMatch: put.ETag }))
    assert.equal((await bytesAt(inner, 'inner', 'new/file.bin')).toString(), 'x')

    await outer.send(
      new CopyObjectCommand({
        Bucket: 'outer',
        Key: 'copy',
        CopySource: 'outer/new/file.bin',
        MetadataDirective: 'REPLACE',
        ContentType: 'text/plain',
        Metadata: { c: 'd' },
      }),
    )
    const copied = await inner.send(new HeadObjectCommand({ Bucket: 'inner', Key: 'copy' }))
    assert.equal(copied.ContentType, 'text/plain')
    assert.deepEqual(copied.Metadata, { c: 'd' })

    await outer.send(new DeleteObjectCommand({ Bucket: 'outer', Key: 'copy' }))
    const Objects = [{ Key: 'new/file.bin' }, { Key: 'never was' }]
    const gone = await outer.send(
      new DeleteObjectsCommand({ Bucket: 'outer', Delete: { Objects } }),
    )
    assert.equal(gone.Deleted?.length, 2)
    const left = await inner.send(new ListObjectsV2Command({ Bucket: 'inner' }))
    assert.equal(left.KeyCount, 0)
  }))

test('a body whose digest is wrong, or that breaks off, leaves nothing in the store', () =>
  withMountedBucket(async ({ inner, outer }) => {
    for (const size of [10, 9 * MIB]) {
      await assert.rejects(
        outer.send(
          new PutObjectCommand({
            Bucket: 'outer',
            Key: 'wrong',
            Body: randomBytes(size),
            ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==',
          }),
        ),
        (error) => nameOf(error) === 'BadDigest',
      )
    }
    const left = await inner.send(new ListObjectsV2Command({ Bucket: 'inner' }))
    assert.equal(left.KeyCount, 0)
    const open = await inner.send(new ListMultipartUploadsCommand({ Bucket: 'inner' }))
    assert.deepEqual(open.Uploads ?? [], [])
  }))

test('an upload in parts is one of the store, and ends with it', () =>
  withMountedBucket(async ({ inner, outer }) => {
    const at = { Bucket: 'outer', Key: 'large' }
    const { UploadId } = await outer.send(
      new CreateMultipartUploadCommand({ ...at, ContentType: 'video/mp4', Metadata: { x: 'y' } }),
    )
    const pieces = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(7)]
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    for (const [index, Body] of pieces.entries()) {
      const PartNumber = index + 1
      const { ETag } = await outer.send(
        new UploadPartCommand({ ...at, UploadId, PartNumber, Body }),
      )
      Parts.push({ PartNumber, ETag })
    }
    const listed = await outer.send(new ListPartsCommand({ ...at, UploadId }))
    assert.deepEqual(
      listed.Parts?.map(({ Size }) => Size),
      [5 * MIB, 5 * MIB, 7],
    )
    assert.equal((await inner.send(new ListObjectsV2Command({ Bucket: 'inner' }))).KeyCount, 0)
    const done = await outer.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }),
    )
    const head = await inner.send(new HeadObjectCommand({ Bucket: 'inner', Key: 'large' }))
    assert.equal(head.ETag, done.ETag)
    assert.equal(head.ContentType, 'video/mp4')
    assert.deepEqual(head.Metadata, { x: 'y' })
    assert.ok((await bytesAt(outer, 'outer', 'large')).equals(Buffer.concat(pieces)))
    // Whoever completes it again, because the answer was lost, is answered the same.
    const again = await outer.send(
      new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }),
    )
    assert.equal(again.Key, 'large')

    const other = { Bucket: 'outer', Key: 'given up' }
    const begun = await outer.send(new CreateMultipartUploadCommand(other))
    const given = { ...other, UploadId: begun.UploadId }
    await outer.send(new UploadPartCommand({ ...given, PartNumber: 1, Body: 'abc' }))
    const copied = await outer.send(
      new UploadPartCopyCommand({ ...given, PartNumber: 2, CopySource: 'outer/large' }),
    )
    assert.ok(copied.CopyPartResult?.ETag)
    const open = await inner.send(new ListMultipartUploadsCommand({ Bucket: 'inner' }))
    assert.equal(open.Uploads?.length, 1)
    await outer.send(new AbortMultipartUploadCommand(given))
    const left = await inner.send(new ListMultipartUploadsCommand({ Bucket: 'inner' }))
    assert.deepEqual(left.Uploads ?? [], [])
  }))

test('bytes go from a mounted bucket to one of the server and back', () =>
  withMountedBucket(async ({ inner, outer, front }) => {
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/plain')).status, 201)
    const bytes = randomBytes(2 * MIB)
    const put = { Key: 'k', Body: bytes, ContentType: 'image/gif' }
    await inner.send(new PutObjectCommand({ Bucket: 'inner', ...put }))
    await outer.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'k', CopySource: 'outer/k' }))
    assert.ok((await bytesAt(outer, 'plain', 'k')).equals(bytes))
    const here = await outer.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'k' }))
    assert.equal(here.ContentType, 'image/gif')
    await outer.send(new CopyObjectCommand({ Bucket: 'outer', Key: 'back', CopySource: 'plain/k' }))
    assert.ok((await bytesAt(inner, 'inner', 'back')).equals(bytes))
    const id = async (bucket: string): Promise<string> => {
      const { json } = await askRest(front, 'GET', `/v1/files?folder=${bucket}`)
      return (json as { files: { id: string }[] }).files[0]?.id ?? ''
    }
    const move = await askRest(front, 'PATCH', `/v1/files/${await id('plain')}`, {
      path: 'outer/m',
    })
    assert.equal(move.status, 400)
    assert.match(JSON.stringify(move.json), /mount-limited/)
  }))

test('what a store of others cannot keep is refused, not forgotten', () =>
  withMountedBucket(async ({ outer, inner }) => {
    const at = { Bucket: 'outer', Key: 'tagged' }
    for (const refuse of [
      () => outer.send(new PutObjectCommand({ ...at, Body: 'x', Tagging: 'a=b' })),
      () => outer.send(new PutObjectCommand({ ...at, Body: 'x', Expires: new Date(0) })),
      () => outer.send(new CreateMultipartUploadCommand({ ...at, Tagging: 'a=b' })),
      () =>
        outer.send(
          new PutBucketVersioningCommand({
            Bucket: 'outer',
            VersioningConfiguration: { Status: 'Enabled' },
          }),
        ),
    ]) {
      await assert.rejects(refuse(), /lies in a store of its own/)
    }
    await outer.send(new PutObjectCommand({ ...at, Body: 'x' }))
    await assert.rejects(
      outer.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [] } })),
      /it keeps no tags/,
    )
    assert.equal((await inner.send(new ListObjectsV2Command({ Bucket: 'inner' }))).KeyCount, 1)
  }))

test('nothing is sent into it from one end to the other, and a drop there takes the form alone', () =>
  withMountedBucket(async ({ front, inner, outer }) => {
    const begun = await fetch(`${front.origin}/-/tus?path=outer/film`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${front.adminKey}`,
        'tus-resumable': '1.0.0',
        'upload-length': '4',
      },
    })
    assert.equal(begun.status, 400, await begun.text())
    const wish = { kind: 'drop', path: 'outer/in/', expiresIn: 600 }
    const share = await askRest(front, 'POST', '/v1/shares', wish)
    assert.equal(share.status, 201, JSON.stringify(share.json))
    const { url } = share.json as { url: string }
    const page = await (await fetch(url)).text()
    assert.match(page, /<form/)
    assert.doesNotMatch(page, /<script/)
    const form = new FormData()
    form.append('file', new Blob(['sent']), 'a.txt')
    const taken = await fetch(url, { method: 'POST', body: form })
    assert.equal(taken.status, 201, await taken.text())
    assert.equal((await bytesAt(inner, 'inner', 'in/a.txt')).toString(), 'sent')
    const listed = await outer.send(new ListMultipartUploadsCommand({ Bucket: 'outer' }))
    assert.deepEqual(listed.Uploads ?? [], [])
  }))
