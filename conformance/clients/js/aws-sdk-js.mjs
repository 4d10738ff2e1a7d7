/** @aws-sdk/client-s3 with lib-storage, s3-request-presigner and s3-presigned-post: every option at its default. */
import { createReadStream } from 'node:fs'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketCorsCommand,
  GetBucketTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { check, checkNasty, checkSizes, failureOf, patternBytes, plan } from './report.mjs'

const { endpoint, region, accessKeyId, secretAccessKey } = plan
const client = new S3Client({ endpoint, region, credentials: { accessKeyId, secretAccessKey } })
const Bucket = 'work'

async function read(input) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, ...input }))
  return Body
}

await check('buckets', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'made-here' }))
  await client.send(new HeadBucketCommand({ Bucket: 'made-here' }))
  const { Buckets } = await client.send(new ListBucketsCommand({}))
  await client.send(new DeleteBucketCommand({ Bucket: 'made-here' }))
  return Buckets.map(({ Name }) => Name)
})

await checkSizes(async ({ name, path }) => {
  const Body = createReadStream(path)
  await new Upload({ client, params: { Bucket: 'sizes', Key: name, Body } }).done()
  return read({ Bucket: 'sizes', Key: name })
})

await check('range', async () => {
  const body = await read({ Key: 'pages/00', Range: 'bytes=5-14' })
  return body.transformToString()
})

await check('metadata', async () => {
  const Metadata = { colour: 'blue', shade: 'dark green' }
  const ContentType = 'text/x-test; charset=utf-8'
  await client.send(new PutObjectCommand({ Bucket, Key: 'said', Body: 'x', ContentType, Metadata }))
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'said' }))
  return { contentType: head.ContentType, metadata: head.Metadata }
})

await checkNasty(async (Key, Body) => {
  await client.send(new PutObjectCommand({ Bucket: 'nasty', Key, Body }))
  return (await read({ Bucket: 'nasty', Key })).transformToString()
})

await check('nasty list', async () => {
  const keys = []
  for await (const { Contents } of paginateListObjectsV2(
    { client, pageSize: 7 },
    { Bucket: 'nasty' },
  )) {
    keys.push(...Contents.map(({ Key }) => Key))
  }
  return keys
})

await check('pages', async () => {
  const keys = []
  const prefixes = []
  const input = { Bucket, Prefix: 'pages/', Delimiter: '/' }
  for await (const page of paginateListObjectsV2({ client, pageSize: 10 }, input)) {
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key))
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix))
  }
  return { keys, prefixes }
})

await check('missing key', () =>
  failureOf(
    () => read({ Key: 'not there' }),
    (error) => error.name,
  ),
)

await check('condition', () =>
  failureOf(
    () =>
      client.send(new PutObjectCommand({ Bucket, Key: 'pages/01', Body: 'x', IfNoneMatch: '*' })),
    (error) => error.name,
  ),
)

await check('checksum', async () => {
  const input = { Bucket, Key: 'checked' }
  await client.send(
    new PutObjectCommand({ ...input, Body: 'checked', ChecksumAlgorithm: 'SHA256' }),
  )
  const head = await client.send(new HeadObjectCommand({ ...input, ChecksumMode: 'ENABLED' }))
  return head.ChecksumSHA256
})

await check('copy', () =>
  client.send(
    new CopyObjectCommand({ Bucket, Key: 'copied é.txt', CopySource: `${Bucket}/pages/00` }),
  ),
)

await check('delete one', () => client.send(new DeleteObjectCommand({ Bucket, Key: 'pages/24' })))

await check('delete many', async () => {
  const Objects = plan.doomed.map((Key) => ({ Key }))
  const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  return Errors
})

await check('multipart', async () => {
  const whole = patternBytes(5 * 1024 * 1024 + 1)
  const target = { Bucket, Key: 'in parts' }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  const Parts = []
  for (const [index, Body] of [whole.subarray(0, -1), whole.subarray(-1)].entries()) {
    const PartNumber = index + 1
    const part = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }))
    Parts.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 })
  }
  const listed = await client.send(new ListPartsCommand({ ...target, UploadId }))
  const done = await client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
  )
  return { parts: listed.Parts.map(({ Size }) => Size), etagEnd: done.ETag.slice(-3) }
})

await check('copy in parts', async () => {
  const target = { Bucket, Key: 'put together' }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  const copied = await client.send(
    new UploadPartCopyCommand({
      ...target,
      UploadId,
      PartNumber: 1,
      CopySource: 'sizes/5MiB-plus-1',
      CopySourceRange: `bytes=1-${5 * 1024 * 1024}`,
    }),
  )
  const sent = await client.send(
    new UploadPartCommand({ ...target, UploadId, PartNumber: 2, Body: 'end' }),
  )
  const Parts = [
    { PartNumber: 1, ETag: copied.CopyPartResult.ETag },
    { PartNumber: 2, ETag: sent.ETag },
  ]
  await client.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
  )
})

await check('attributes', async () => {
  const ObjectAttributes = ['ETag', 'ObjectSize']
  const said = await client.send(
    new GetObjectAttributesCommand({ Bucket, Key: 'pages/03', ObjectAttributes }),
  )
  return { size: said.ObjectSize, etag: said.ETag }
})

await check('cors', async () => {
  const target = { Bucket: 'cleared' }
  const rule = { AllowedOrigins: ['https://app.example'], AllowedMethods: ['GET', 'PUT'] }
  await client.send(
    new PutBucketCorsCommand({ ...target, CORSConfiguration: { CORSRules: [rule] } }),
  )
  const { CORSRules } = await client.send(new GetBucketCorsCommand(target))
  await client.send(new DeleteBucketCorsCommand(target))
  const after = await failureOf(
    () => client.send(new GetBucketCorsCommand(target)),
    (error) => error.name,
  )
  return { rules: CORSRules, after }
})

await check('bucket tags', async () => {
  const target = { Bucket: 'cleared' }
  const TagSet = [{ Key: 'team', Value: 'blue' }]
  await client.send(new PutBucketTaggingCommand({ ...target, Tagging: { TagSet } }))
  const tagging = await client.send(new GetBucketTaggingCommand(target))
  await client.send(new DeleteBucketTaggingCommand(target))
  const after = await failureOf(
    () => client.send(new GetBucketTaggingCommand(target)),
    (error) => error.name,
  )
  return { tags: Object.fromEntries(tagging.TagSet.map(({ Key, Value }) => [Key, Value])), after }
})

await check('abort', async () => {
  const target = { Bucket, Key: 'aborted' }
  const uploadsOf = async () => {
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket }))
    return (Uploads ?? []).map(({ Key }) => Key)
  }
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target))
  await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }))
  const before = await uploadsOf()
  await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }))
  return { before, after: await uploadsOf() }
})

await check('tagging', async () => {
  const target = { Bucket, Key: 'pages/02' }
  const TagSet = [
    { Key: 'project', Value: 'one + two' },
    { Key: 'a+b', Value: '' },
  ]
  await client.send(new PutObjectTaggingCommand({ ...target, Tagging: { TagSet } }))
  const tagging = await client.send(new GetObjectTaggingCommand(target))
  return Object.fromEntries(tagging.TagSet.map(({ Key, Value }) => [Key, Value]))
})

await check('versions', async () => {
  const target = { Bucket: 'versioned', Key: 'twice' }
  const Status = 'Enabled'
  await client.send(
    new PutBucketVersioningCommand({ Bucket: 'versioned', VersioningConfiguration: { Status } }),
  )
  const first = await client.send(new PutObjectCommand({ ...target, Body: 'first' }))
  await client.send(new PutObjectCommand({ ...target, Body: 'second' }))
  await client.send(new DeleteObjectCommand(target))
  const all = await client.send(new ListObjectVersionsCommand({ Bucket: 'versioned' }))
  const old = await read({ ...target, VersionId: first.VersionId })
  return {
    versions: all.Versions?.length,
    markers: all.DeleteMarkers?.length,
    old: await old.transformToString(),
  }
})

await check('presigned get', () =>
  getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'pages/01' })),
)
await check('presigned put', () =>
  getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'door é+.txt' })),
)
await check('post form', () =>
  createPresignedPost(client, {
    Bucket,
    Key: 'posted é.txt',
    Conditions: [['content-length-range', 1, 100]],
  }),
)
