/** Uploads in parts, by the AWS SDK with its defaults and by its own uploader. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
  UploadPartCopyCommand,
  paginateListParts,
} from '@aws-sdk/client-s3'
import type {
  ChecksumType,
  CompletedPart,
  CreateMultipartUploadCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { md5, sha512, xxhash128, xxhash3, xxhash64 } from 'hash-wasm'
import { createAwsClient, createMinioClient, presign } from '../lib/clients.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const Bucket = 'parts'
const MIB = 1024 * 1024
const LARGE = randomBytes(5 * MIB)
const TAIL = randomBytes(70_001)
let server: RunningServer
let client: S3Client

before(async () => {
  server = await startServer({ corsOrigins: ['https://app.test'] })
  client = createAwsClient(server)
  await client.send(new CreateBucketCommand({ Bucket }))
})

after(async () => {
  client.destroy()
  await server.stop()
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function read(Key: string, more: { Range?: string } = {}): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }))
  assert.ok(Body !== undefined)
  return Body.transformToByteArray()
}

async function assertCode(call: Promise<unknown>, code: string, status: number): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof S3ServiceException, String(error))
    assert.equal(error.name, code)
    assert.equal(error.$metadata.httpStatusCode, status)
    return true
  })
}

async function open(
  Key: string,
  more: Omit<CreateMultipartUploadCommandInput, 'Bucket' | 'Key'> = {},
): Promise<string> {
  const opening = new CreateMultipartUploadCommand({ Bucket, Key, ...more })
  const { UploadId } = await client.send(opening)
  assert.match(UploadId ?? '', /^[A-Za-z0-9._-]+$/)
  return UploadId ?? ''
}

async function sendPart(
  Key: string,
  UploadId: string,
  part: { readonly PartNumber: number; readonly Body: Uint8Array },
): Promise<CompletedPart> {
  const sending = new UploadPartCommand({ Bucket, Key, UploadId, ...part })
  const { ETag, ChecksumCRC32 } = await client.send(sending)
  return {
    PartNumber: part.PartNumber,
    ...(ETag !== undefined && { ETag }),
    ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }),
  }
}

function completing(
  Key: string,
  UploadId: string,
  Parts: readonly CompletedPart[],
): CompleteMultipartUploadCommand {
  return new CompleteMultipartUploadCommand({
    Bucket,
    Key,
    UploadId,
    MultipartUpload: { Parts: [...Parts] },
  })
}

async function uploadTwo(Key: string): Promise<{ UploadId: string; parts: CompletedPart[] }> {
  const UploadId = await open(Key)
  const parts = [
    await sendPart(Key, UploadId, { PartNumber: 1, Body: LARGE }),
    await sendPart(Key, UploadId, { PartNumber: 2, Body: TAIL }),
  ]
  return { UploadId, parts }
}

test('the uploader of the SDK stores any size and gets it back', async () => {
  for (const size of [0, 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 23 * MIB + 7]) {
    const bytes = randomBytes(size)
    const Key = `uploader/${size}`
    const upload = new Upload({
      client,
      params: { Bucket, Key, Body: Readable.from([bytes]), ContentType: 'video/mp4' },
      partSize: 5 * MIB,
    })
    await upload.done()
    assert.equal(sha256(await read(Key)), sha256(bytes), String(size))
    const { ContentType, ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key }))
    assert.deepEqual([ContentType, ContentLength], ['video/mp4', size])
  }
})

test('the uploader of minio stores what needs parts', async () => {
  const bytes = randomBytes(70 * MIB)
  await createMinioClient(server).putObject(Bucket, 'minio', Readable.from([bytes]))
  assert.equal(sha256(await read('minio')), sha256(bytes))
})

test('what the upload was opened with is what the object says', async () => {
  const Key = 'said/ü & <b>'
  const UploadId = await open(Key, {
    ContentType: 'image/png',
    CacheControl: 'max-age=60',
    ContentLanguage: 'de',
    Metadata: { owner: 'me' },
    Tagging: 'team=a%20b',
  })
  const part = await sendPart(Key, UploadId, { PartNumber: 7, Body: TAIL })
  const completed = await client.send(completing(Key, UploadId, [part]))
  assert.equal(completed.Key, Key)
  assert.match(completed.ETag ?? '', /^"[0-9a-f]{32}-1"$/)
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
  assert.equal(head.ETag, completed.ETag)
  assert.deepEqual(
    [head.ContentType, head.CacheControl, head.ContentLanguage, head.Metadata],
    ['image/png', 'private, max-age=60', 'de', { owner: 'me' }],
  )
  assert.equal(sha256(await read(Key)), sha256(TAIL))
  const file = await server.core.files.find({ bucket: Bucket, key: Key })
  assert.deepEqual({ ...file?.tags }, { team: 'a b' })
})

test('an upload shows its parts, page by page, and its own entry', async () => {
  const Key = 'shown'
  const UploadId = await open(Key)
  for (const PartNumber of [3, 1, 10_000]) {
    await sendPart(Key, UploadId, { PartNumber, Body: Buffer.from(`part ${PartNumber}`) })
  }
  const numbers: (number | undefined)[] = []
  for await (const page of paginateListParts({ client, pageSize: 2 }, { Bucket, Key, UploadId })) {
    numbers.push(...(page.Parts ?? []).map(({ PartNumber }) => PartNumber))
  }
  assert.deepEqual(numbers, [1, 3, 10_000])
  const first = new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 })
  const page = await client.send(first)
  assert.deepEqual(
    [page.IsTruncated, page.NextPartNumberMarker, page.StorageClass, page.Parts?.[0]?.Size],
    [true, '1', 'STANDARD', 6],
  )
  const { Uploads = [] } = await client.send(
    new ListMultipartUploadsCommand({ Bucket, Prefix: Key }),
  )
  assert.deepEqual(
    Uploads.map((upload) => [upload.Key, upload.UploadId]),
    [[Key, UploadId]],
  )
  assert.ok(Uploads[0]?.Initiated instanceof Date)
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  await assertCode(client.send(first), 'NoSuchUpload', 404)
})

test('open uploads are listed with prefix, delimiter, markers and encoding', async () => {
  const keys = ['list/a', 'list/a', 'list/b/x', 'list/b/y', 'list/c d']
  const ids: string[] = []
  for (const key of keys) ids.push(await open(key))
  const Prefix = 'list/'
  const pages: string[][] = []
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {}
  for (;;) {
    const listing = new ListMultipartUploadsCommand({
      Bucket,
      Prefix,
      Delimiter: '/',
      EncodingType: 'url',
      MaxUploads: 1,
      ...markers,
    })
    const page = await client.send(listing)
    pages.push([
      ...(page.Uploads ?? []).map(({ Key, UploadId }) => `${Key} ${ids.indexOf(UploadId ?? '')}`),
      ...(page.CommonPrefixes ?? []).map((common) => common.Prefix ?? ''),
    ])
    if (page.IsTruncated !== true) break
    markers = {
      KeyMarker: decodeURIComponent(page.NextKeyMarker ?? ''),
      UploadIdMarker: page.NextUploadIdMarker ?? '',
    }
  }
  assert.deepEqual(pages, [['list/a 0'], ['list/a 1'], ['list/b/'], ['list/c%20d 4']])
  const all = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, MaxUploads: 0 }))
  assert.deepEqual([all.IsTruncated, all.Uploads ?? []], [false, []])
  for (const [index, Key] of keys.entries()) {
    const UploadId = ids[index]
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  }
})

test('each part of an object is read by its number, and how many there are is told', async () => {
  const Key = 'by-number'
  const { UploadId, parts } = await uploadTwo(Key)
  await client.send(completing(Key, UploadId, parts))
  for (const [index, bytes] of [LARGE, TAIL].entries()) {
    const asked = { Bucket, Key, PartNumber: index + 1 }
    const answer = await client.send(new GetObjectCommand(asked))
    assert.equal(
      sha256((await answer.Body?.transformToByteArray()) ?? Buffer.alloc(0)),
      sha256(bytes),
    )
    assert.equal(answer.$metadata.httpStatusCode, 206)
    assert.equal(answer.PartsCount, 2)
    const head = await client.send(new HeadObjectCommand(asked))
    assert.deepEqual([head.PartsCount, head.ContentLength], [2, bytes.length])
    assert.equal(head.ContentRange, answer.ContentRange)
  }
  const third = new GetObjectCommand({ Bucket, Key, PartNumber: 3 })
  await assertCode(client.send(third), 'InvalidPartNumber', 416)
  const both = new GetObjectCommand({ Bucket, Key, PartNumber: 1, Range: 'bytes=0-1' })
  await assertCode(client.send(both), 'InvalidRequest', 400)
  await assertCode(
    client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 10_001 })),
    'InvalidArgument',
    400,
  )
  const across = `bytes=${LARGE.length - 10}-${LARGE.length + 9}`
  const expected = Buffer.concat([LARGE.subarray(-10), TAIL.subarray(0, 10)])
  assert.equal(sha256(await read(Key, { Range: across })), sha256(expected))
})

test('an object in one piece is its own first part', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'one-piece', Body: 'hello' }))
  const first = await client.send(new GetObjectCommand({ Bucket, Key: 'one-piece', PartNumber: 1 }))
  assert.equal(await first.Body?.transformToString(), 'hello')
  assert.equal(first.ContentRange, 'bytes 0-4/5')
  assert.equal(first.PartsCount, undefined)
  await assertCode(
    client.send(new GetObjectCommand({ Bucket, Key: 'one-piece', PartNumber: 2 })),
    'InvalidPartNumber',
    416,
  )
})

test('a completion that is asked for again is answered the same', async () => {
  const Key = 'twice'
  const { UploadId, parts } = await uploadTwo(Key)
  const [first, second] = await Promise.all([
    client.send(completing(Key, UploadId, parts)),
    client.send(completing(Key, UploadId, parts)),
  ])
  const third = await client.send(completing(Key, UploadId, parts))
  for (const again of [second, third]) {
    assert.deepEqual([again.ETag, again.Location], [first.ETag, first.Location])
    assert.equal(again.ChecksumCRC64NVME, first.ChecksumCRC64NVME)
  }
  await assertCode(client.send(completing(Key, UploadId, parts.slice(0, 1))), 'NoSuchUpload', 404)
  const aborting = new AbortMultipartUploadCommand({ Bucket, Key, UploadId })
  await assertCode(client.send(aborting), 'NoSuchUpload', 404)
  assert.equal(sha256(await read(Key)), sha256(Buffer.concat([LARGE, TAIL])))
})

test('completions of one upload at once are all answered the same', async () => {
  for (let round = 0; round < 10; round += 1) {
    const Key = `at-once/${round}`
    const UploadId = await open(Key)
    const parts = [await sendPart(Key, UploadId, { PartNumber: 1, Body: TAIL })]
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.send(completing(Key, UploadId, parts))),
    )
    assert.equal(new Set(answers.map(({ ETag }) => ETag)).size, 1)
  }
})

test('what does not make an object is refused in the words of S3, and the upload goes on', async () => {
  const Key = 'refused'
  const { UploadId, parts } = await uploadTwo(Key)
  const [first = {}, second = {}] = parts
  const refused = async (named: CompletedPart[], code: string): Promise<void> =>
    assertCode(client.send(completing(Key, UploadId, named)), code, 400)
  await refused([second, first], 'InvalidPartOrder')
  await refused([first, first], 'InvalidPartOrder')
  await refused([first, { ...second, PartNumber: 3 }], 'InvalidPart')
  await refused([first, { ...second, ETag: first.ETag ?? '' }], 'InvalidPart')
  await refused([first, { ETag: 'x', PartNumber: 2 }], 'InvalidPart')
  await refused([{ ...first, PartNumber: 0 }], 'InvalidArgument')
  await refused([], 'MalformedXML')
  const third = await sendPart(Key, UploadId, { PartNumber: 3, Body: TAIL })
  await refused([first, second, third], 'EntityTooSmall')
  const wrongSize = completing(Key, UploadId, [first, second])
  wrongSize.input.MpuObjectSize = 17
  await assertCode(client.send(wrongSize), 'InvalidRequest', 400)
  const wrongSum = completing(Key, UploadId, [first, second])
  wrongSum.input.ChecksumCRC64NVME = 'AAAAAAAAAAA='
  await assertCode(client.send(wrongSum), 'BadDigest', 400)
  await assertCode(client.send(completing('elsewhere', UploadId, parts)), 'NoSuchUpload', 404)
  await assertCode(client.send(completing(Key, 'no-such-id', parts)), 'NoSuchUpload', 404)
  const bare = parts.map((part) => ({ ...part, ETag: part.ETag?.replaceAll('"', '') ?? '' }))
  await client.send(completing(Key, UploadId, bare))
  assert.equal(sha256(await read(Key)), sha256(Buffer.concat([LARGE, TAIL])))
})

test('parts are numbered from 1 to 10,000, and belong to an upload that is open', async () => {
  const Key = 'numbers'
  const UploadId = await open(Key)
  for (const PartNumber of [0, 10_001, -1, 1e9]) {
    const sending = sendPart(Key, UploadId, { PartNumber, Body: TAIL })
    await assertCode(sending, 'InvalidArgument', 400)
  }
  await assertCode(sendPart(Key, 'gone', { PartNumber: 1, Body: TAIL }), 'NoSuchUpload', 404)
  await assertCode(sendPart('other', UploadId, { PartNumber: 1, Body: TAIL }), 'NoSuchUpload', 404)
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  await assertCode(sendPart(Key, UploadId, { PartNumber: 1, Body: TAIL }), 'NoSuchUpload', 404)
  const opening = new CreateMultipartUploadCommand({ Bucket: 'no-such-bucket', Key })
  await assertCode(client.send(opening), 'NoSuchBucket', 404)
})

test('a part that is sent again counts as it came last', async () => {
  const Key = 'again'
  const UploadId = await open(Key)
  const stale = await sendPart(Key, UploadId, { PartNumber: 1, Body: Buffer.from('old') })
  const fresh = await sendPart(Key, UploadId, { PartNumber: 1, Body: Buffer.from('new') })
  await assertCode(client.send(completing(Key, UploadId, [stale])), 'InvalidPart', 400)
  await client.send(completing(Key, UploadId, [fresh]))
  assert.equal(Buffer.from(await read(Key)).toString(), 'new')
})

test('a completion can depend on what is there', async () => {
  const Key = 'conditions'
  const complete = async (conditions: {
    IfMatch?: string
    IfNoneMatch?: string
  }): Promise<string> => {
    const UploadId = await open(Key)
    const part = await sendPart(Key, UploadId, { PartNumber: 1, Body: TAIL })
    const command = completing(Key, UploadId, [part])
    Object.assign(command.input, conditions)
    const { ETag } = await client.send(command)
    return ETag ?? ''
  }
  await assertCode(complete({ IfMatch: '"abc"' }), 'NoSuchKey', 404)
  const etag = await complete({ IfNoneMatch: '*' })
  await assertCode(complete({ IfNoneMatch: '*' }), 'PreconditionFailed', 412)
  await assertCode(complete({ IfMatch: '"abc"' }), 'PreconditionFailed', 412)
  await complete({ IfMatch: etag })
})

const ALGORITHMS = [
  ['CRC32', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC32C', 'COMPOSITE'],
  ['CRC32C', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
  ['SHA1', 'COMPOSITE'],
  ['SHA256', 'COMPOSITE'],
] as const

test("every checksum is compared with the parts, and is the object's", async () => {
  for (const [ChecksumAlgorithm, ChecksumType] of ALGORITHMS) {
    const Key = `sums/${ChecksumAlgorithm}/${ChecksumType}`
    const name = `Checksum${ChecksumAlgorithm}` as const
    const UploadId = await open(Key, { ChecksumAlgorithm, ChecksumType })
    const parts: CompletedPart[] = []
    for (const [index, Body] of [LARGE, TAIL].entries()) {
      const PartNumber = index + 1
      const sent = await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }),
      )
      parts.push({ PartNumber, ETag: sent.ETag ?? '', [name]: sent[name] })
    }
    const other = ChecksumAlgorithm === 'CRC32' ? 'SHA1' : 'CRC32'
    const mismatched = new UploadPartCommand({
      Bucket,
      Key,
      UploadId,
      PartNumber: 3,
      Body: TAIL,
      ChecksumAlgorithm: other,
    })
    await assertCode(client.send(mismatched), 'InvalidRequest', 400)
    const { Parts = [], ChecksumAlgorithm: listed } = await client.send(
      new ListPartsCommand({ Bucket, Key, UploadId }),
    )
    assert.equal(listed, ChecksumAlgorithm)
    assert.deepEqual(
      Parts.map((part) => part[name]),
      parts.map((part) => part[name]),
    )
    const wrong = parts.map((part) => ({ ...part, [name]: parts[0]?.[name] }))
    await assertCode(client.send(completing(Key, UploadId, wrong)), 'InvalidPart', 400)
    if (ChecksumType === 'COMPOSITE') {
      const without = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))
      await assertCode(
        client.send(completing(Key, UploadId, without as CompletedPart[])),
        'InvalidRequest',
        400,
      )
    }
    const done = await client.send(completing(Key, UploadId, parts))
    assert.equal(done.ChecksumType, ChecksumType)
    assert.equal(done[name]?.endsWith('-2'), ChecksumType === 'COMPOSITE', done[name])
    const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    assert.equal(head[name], done[name])
    assert.equal(head.ChecksumType, ChecksumType)
    if (ChecksumType === 'FULL_OBJECT') {
      // The SDK compares it with the bytes that it reads.
      const answer = await client.send(
        new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }),
      )
      const bytes = (await answer.Body?.transformToByteArray()) ?? Buffer.alloc(0)
      assert.equal(bytes.length, LARGE.length + TAIL.length)
      const whole = await client.send(
        new PutObjectCommand({
          Bucket,
          Key: 'whole',
          Body: Buffer.concat([LARGE, TAIL]),
          ChecksumAlgorithm,
        }),
      )
      assert.equal(done[name], whole[name])
    }
  }
  for (const [ChecksumAlgorithm, ChecksumType] of [
    ['CRC64NVME', 'COMPOSITE'],
    ['SHA256', 'FULL_OBJECT'],
  ] as const) {
    await assertCode(open('sums', { ChecksumAlgorithm, ChecksumType }), 'InvalidRequest', 400)
  }
})

test('a checksum that the SDK leaves to its caller is compared, kept and summed up', async () => {
  for (const ChecksumAlgorithm of ['MD5', 'SHA512', 'XXHASH64', 'XXHASH3', 'XXHASH128'] as const) {
    const Key = `left/${ChecksumAlgorithm}`
    const name = `Checksum${ChecksumAlgorithm}` as const
    const sum = await sumOf(ChecksumAlgorithm, TAIL)
    const put = new PutObjectCommand({ Bucket, Key, Body: TAIL, [name]: sum })
    assert.equal((await client.send(put))[name], sum)
    await assertCode(
      client.send(new PutObjectCommand({ Bucket, Key, Body: 'other', [name]: sum })),
      'BadDigest',
      400,
    )
    const asked = { Bucket, Key, ChecksumMode: 'ENABLED' } as const
    assert.equal((await client.send(new HeadObjectCommand(asked)))[name], sum)
    const CopySource = `${Bucket}/${Key}`
    const copy = new CopyObjectCommand({ Bucket, Key: 'left/copy', CopySource, ChecksumAlgorithm })
    assert.equal((await client.send(copy)).CopyObjectResult?.[name], sum)

    const UploadId = await open(Key, { ChecksumAlgorithm })
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: TAIL, [name]: sum }
    const { ETag = '' } = await client.send(new UploadPartCommand(part))
    const done = await client.send(
      completing(Key, UploadId, [{ PartNumber: 1, ETag, [name]: sum }]),
    )
    const ofSums = await sumOf(ChecksumAlgorithm, Buffer.from(sum, 'base64'))
    assert.equal(done[name], `${ofSums}-1`)
    assert.equal(done.ChecksumType, 'COMPOSITE')
  }
})

/** By the library that the server takes, whose values its own tests compare with those of other programs. */
const HASHES = {
  MD5: md5,
  SHA512: sha512,
  XXHASH64: xxhash64,
  XXHASH3: xxhash3,
  XXHASH128: xxhash128,
} as const

async function sumOf(algorithm: keyof typeof HASHES, bytes: Uint8Array): Promise<string> {
  return Buffer.from(await HASHES[algorithm](bytes), 'hex').toString('base64')
}

test('each part tells the checksum that it brought, of a copy too', async () => {
  await checkPartChecksums('composite', 'COMPOSITE')
  await checkPartChecksums('full', 'FULL_OBJECT')
})

async function checkPartChecksums(Key: string, ChecksumType: ChecksumType): Promise<void> {
  const UploadId = await open(Key, { ChecksumAlgorithm: 'CRC32', ChecksumType })
  const parts = [
    await sendPart(Key, UploadId, { PartNumber: 1, Body: LARGE }),
    await sendPart(Key, UploadId, { PartNumber: 2, Body: TAIL }),
  ]
  await client.send(completing(Key, UploadId, parts))
  const CopySource = `${Bucket}/${Key}`
  await client.send(new CopyObjectCommand({ Bucket, Key: `${Key}/copy`, CopySource }))
  for (const which of [Key, `${Key}/copy`]) {
    const page = { MaxParts: 1, PartNumberMarker: '1' }
    const { ObjectParts } = await client.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: which,
        ObjectAttributes: ['ObjectParts'],
        ...page,
      }),
    )
    assert.equal(ObjectParts?.TotalPartsCount, 2)
    const [second] = ObjectParts.Parts ?? []
    assert.equal(second?.PartNumber, 2)
    assert.equal(second.Size, TAIL.length)
    assert.equal(second.ChecksumCRC32, parts[1]?.ChecksumCRC32)
  }
  const second = { Bucket, Key, PartNumber: 2, ChecksumMode: 'ENABLED' } as const
  const head = await client.send(new HeadObjectCommand(second))
  assert.equal(head.ChecksumCRC32, parts[1]?.ChecksumCRC32)
  assert.equal(head.ChecksumType, ChecksumType)
  // The SDK compares it with the bytes that it reads.
  const { Body } = await client.send(new GetObjectCommand(second))
  assert.equal((await Body?.transformToByteArray())?.length, TAIL.length)
  const summed = { Bucket, Key: 'summed-anew', CopySource, ChecksumAlgorithm: 'SHA1' } as const
  await client.send(new CopyObjectCommand(summed))
  const { ObjectParts } = await client.send(
    new GetObjectAttributesCommand({ ...summed, ObjectAttributes: ['ObjectParts'] }),
  )
  assert.equal(ObjectParts?.Parts?.[0]?.ChecksumCRC32, undefined, 'it has another checksum now')
}

test('what is said of the whole must be possible, and be said once', async () => {
  const Key = 'said'
  const UploadId = await open(Key)
  const parts = [await sendPart(Key, UploadId, { PartNumber: 1, Body: TAIL })]
  const complete = (more: object): Promise<unknown> => {
    const { input } = completing(Key, UploadId, parts)
    return client.send(new CompleteMultipartUploadCommand({ ...input, ...more }))
  }
  await assertCode(complete({ ChecksumCRC32: 'no digest' }), 'InvalidRequest', 400)
  const two = { ChecksumCRC32: 'AAAAAA==', ChecksumCRC32C: 'AAAAAA==' }
  await assertCode(complete(two), 'InvalidRequest', 400)
  await assertCode(complete({ MpuObjectSize: -1 }), 'InvalidRequest', 400)
  await complete({ MpuObjectSize: TAIL.length })
})

test('a checksum of checksums is made of those that came with the parts', async () => {
  const Key = 'composite'
  const UploadId = await open(Key, { ChecksumAlgorithm: 'SHA256' })
  const query = { partNumber: '1', uploadId: UploadId }
  const url = presign(server, 'PUT', `${Bucket}/${Key}`, { query })
  const answer = await fetch(url, { method: 'PUT', body: 'unsummed' })
  assert.equal(answer.status, 400)
  assert.match(
    await answer.text(),
    /<Code>InvalidRequest<\/Code><Message>Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null</,
  )
})

test('an upload is given up only if it was opened when the client says', async () => {
  const Key = 'given-up'
  const UploadId = await open(Key)
  const { Uploads = [] } = await client.send(
    new ListMultipartUploadsCommand({ Bucket, Prefix: Key }),
  )
  const initiated = Uploads[0]?.Initiated ?? new Date(0)
  const abort = (IfMatchInitiatedTime: Date): Promise<unknown> =>
    client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId, IfMatchInitiatedTime }))
  const earlier = new Date(initiated.getTime() - 60_000)
  await assertCode(abort(earlier), 'PreconditionFailed', 412)
  await abort(initiated)
})

test('parts are copied from objects of any kind, whole and in ranges', async () => {
  const { UploadId: joining, parts } = await uploadTwo('source/joined')
  await client.send(completing('source/joined', joining, parts))
  const joined = Buffer.concat([LARGE, TAIL])
  await client.send(new PutObjectCommand({ Bucket, Key: 'source/small ü', Body: 'small' }))
  await client.send(new PutObjectCommand({ Bucket, Key: 'source/large', Body: LARGE }))
  const Key = 'from-parts'
  const UploadId = await open(Key)
  const copies = [
    ['source/large', undefined, LARGE],
    ['source/joined', undefined, joined],
    ['source/joined', `bytes=5-${joined.length - 3}`, joined.subarray(5, -2)],
    ['source/small ü', 'bytes=1-3', Buffer.from('mal')],
  ] as const
  const copied: CompletedPart[] = []
  for (const [index, [source, CopySourceRange, bytes]] of copies.entries()) {
    const PartNumber = index + 1
    const { CopyPartResult } = await client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber,
        CopySource: `${Bucket}/${encodeURIComponent(source)}`,
        CopySourceRange,
      }),
    )
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`
    assert.equal(CopyPartResult?.ETag, etag)
    assert.ok(CopyPartResult.LastModified instanceof Date)
    copied.push({ PartNumber, ETag: etag })
  }
  await client.send(completing(Key, UploadId, copied))
  const expected = Buffer.concat(copies.map(([, , bytes]) => bytes))
  assert.equal(sha256(await read(Key)), sha256(expected))
})

test('a copied part needs its source, a range within it, and its conditions', async () => {
  await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: 'hello' }))
  const { ETag } = await client.send(new HeadObjectCommand({ Bucket, Key: 'source' }))
  const UploadId = await open('copied')
  const copy = (more: object): Promise<unknown> =>
    client.send(
      new UploadPartCopyCommand({
        Bucket,
        Key: 'copied',
        UploadId,
        PartNumber: 1,
        CopySource: `${Bucket}/source`,
        ...more,
      }),
    )
  for (const CopySourceRange of [
    'bytes=0-5',
    'bytes=5-6',
    'bytes=3-1',
    'bytes=1',
    '0-1',
    'bytes=-1',
    'bytes=0-1,3-4',
  ]) {
    await assertCode(copy({ CopySourceRange }), 'InvalidArgument', 400)
  }
  await assertCode(copy({ CopySource: `${Bucket}/none` }), 'NoSuchKey', 404)
  await assertCode(copy({ CopySource: 'no-such-bucket/none' }), 'NoSuchBucket', 404)
  await assertCode(copy({ UploadId: 'gone' }), 'NoSuchUpload', 404)
  await assertCode(copy({ CopySourceIfMatch: '"x"' }), 'PreconditionFailed', 412)
  await assertCode(copy({ CopySourceIfNoneMatch: ETag }), 'PreconditionFailed', 412)
  await copy({ CopySourceIfMatch: ETag, CopySourceRange: 'bytes=0-4' })
})

test('parts go to presigned URLs from a page of another origin', async () => {
  const Key = 'from a browser'
  const UploadId = await open(Key)
  const parts: CompletedPart[] = []
  for (const [index, Body] of [LARGE, TAIL].entries()) {
    const PartNumber = index + 1
    const url = await getSignedUrl(
      client,
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber }),
    )
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.test', 'access-control-request-method': 'PUT' },
    })
    assert.equal(preflight.status, 204)
    const answer = await fetch(url, {
      method: 'PUT',
      body: Body,
      headers: { origin: 'https://app.test' },
    })
    assert.equal(answer.status, 200, await answer.text())
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://app.test')
    assert.match(answer.headers.get('access-control-expose-headers') ?? '', /\bETag\b/)
    parts.push({ PartNumber, ETag: answer.headers.get('etag') ?? '' })
    const moved = await fetch(url.replace(`partNumber=${PartNumber}`, 'partNumber=9'), {
      method: 'PUT',
      body: 'x',
    })
    assert.equal(moved.status, 403)
  }
  await client.send(completing(Key, UploadId, parts))
  assert.equal(sha256(await read(Key)), sha256(Buffer.concat([LARGE, TAIL])))
})

test('uploads that are open go with their bucket, and with no bucket that holds anything', async () => {
  const at = { Bucket: 'with-uploads', Key: 'a' }
  await client.send(new CreateBucketCommand({ Bucket: at.Bucket }))
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
  const part = { ...at, UploadId, PartNumber: 1 }
  await client.send(new UploadPartCommand({ ...part, Body: 'part' }))
  await client.send(new PutObjectCommand({ ...at, Body: 'object' }))
  const remove = (): Promise<unknown> => client.send(new DeleteBucketCommand({ Bucket: at.Bucket }))
  await assert.rejects(remove(), { name: 'BucketNotEmpty' })
  await client.send(new UploadPartCommand({ ...part, Body: 'part, again' }))
  await client.send(new DeleteObjectCommand(at))
  await remove()
  await client.send(new CreateBucketCommand({ Bucket: at.Bucket }))
  const late = client.send(new UploadPartCommand({ ...part, Body: 'part' }))
  await assert.rejects(late, { name: 'NoSuchUpload' })
  await remove()
})
