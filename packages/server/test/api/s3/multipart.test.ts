import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { UPLOAD_IDLE_MS } from '../../../src/core/limits.ts'
import { reapUploads } from '../../../src/jobs/reap-uploads.ts'
import { issue, put } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { Credentials, S3Server } from './support.ts'

interface Call {
  readonly method: string
  readonly query: Readonly<Record<string, string>>
  readonly path?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credentials?: Credentials
}

async function call(
  server: S3Server,
  { method, query, path = 'acme/a & b', body, headers = {}, credentials }: Call,
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const url = server.presign(method, path, {
    query,
    headers,
    ...(credentials === undefined ? {} : { credentials }),
  })
  const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

async function open(server: S3Server, more: Partial<Call> = {}): Promise<string> {
  const { text } = await call(server, { method: 'POST', query: { uploads: '' }, ...more })
  return /<UploadId>([A-Za-z0-9._-]+)<\/UploadId>/.exec(text)?.[1] ?? ''
}

async function send(server: S3Server, uploadId: string, body: string, number = 1): Promise<string> {
  const query = { uploadId, partNumber: String(number) }
  const checksum = { 'x-amz-checksum-crc32': crc32Of(body) }
  const { headers, status, text } = await call(server, {
    method: 'PUT',
    query,
    body,
    headers: checksum,
  })
  assert.equal(status, 200, text)
  return headers.get('etag') ?? ''
}

function crc32Of(body: string): string {
  const digest = Buffer.alloc(4)
  digest.writeUInt32BE(crc32(body))
  return digest.toString('base64')
}

function documentOf(...etags: readonly string[]): string {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
  )
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
}

function elementsOf(text: string): string[] {
  return [...text.matchAll(/<([A-Za-z0-9]+)[ >]/g)].map(([, name]) => name ?? '')
}

test('the documents of an upload have the elements of S3 in their order', async () => {
  await withS3(async (server) => {
    const headers = { 'x-amz-checksum-algorithm': 'CRC32' }
    const opened = await call(server, { method: 'POST', query: { uploads: '' }, headers })
    assert.match(
      opened.text,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<InitiateMultipartUploadResult xmlns="http:\/\/s3\.amazonaws\.com\/doc\/2006-03-01\/"><Bucket>acme<\/Bucket><Key>a &amp; b<\/Key><UploadId>\w+<\/UploadId>/,
    )
    assert.equal(opened.headers.get('x-amz-checksum-algorithm'), 'CRC32')
    assert.equal(opened.headers.get('x-amz-checksum-type'), 'COMPOSITE')
    const uploadId = /<UploadId>(\w+)</.exec(opened.text)?.[1] ?? ''
    await send(server, uploadId, 'part')
    const uploads = await call(server, { method: 'GET', path: 'acme', query: { uploads: '' } })
    assert.deepEqual(elementsOf(uploads.text), [
      'ListMultipartUploadsResult',
      'Bucket',
      'KeyMarker',
      'UploadIdMarker',
      'Prefix',
      'MaxUploads',
      'IsTruncated',
      'Upload',
      'Key',
      'UploadId',
      'Initiator',
      'ID',
      'DisplayName',
      'Owner',
      'ID',
      'DisplayName',
      'StorageClass',
      'Initiated',
      'ChecksumAlgorithm',
      'ChecksumType',
    ])
    const listed = await call(server, { method: 'GET', query: { uploadId } })
    assert.deepEqual(elementsOf(listed.text), [
      'ListPartsResult',
      'Bucket',
      'Key',
      'UploadId',
      'Initiator',
      'ID',
      'DisplayName',
      'Owner',
      'ID',
      'DisplayName',
      'StorageClass',
      'PartNumberMarker',
      'MaxParts',
      'IsTruncated',
      'Part',
      'PartNumber',
      'LastModified',
      'ETag',
      'Size',
      'ChecksumCRC32',
      'ChecksumAlgorithm',
      'ChecksumType',
    ])
    const etag = /<ETag>(.+)<\/ETag>/.exec(listed.text)?.[1] ?? ''
    const sum = /<ChecksumCRC32>(.+)<\/ChecksumCRC32>/.exec(listed.text)?.[0] ?? ''
    const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag>${sum}</Part></CompleteMultipartUpload>`
    const completed = await call(server, { method: 'POST', query: { uploadId }, body })
    assert.equal(completed.status, 200, completed.text)
    assert.deepEqual(elementsOf(completed.text), [
      'CompleteMultipartUploadResult',
      'Location',
      'Bucket',
      'Key',
      'ETag',
      'ChecksumCRC32',
      'ChecksumType',
    ])
    assert.match(completed.text, /<Location>http:\/\/127\.0\.0\.1:\d+\/acme\/a%20%26%20b</)
  })
})

test('a document that is no list of parts is refused, and the upload stays', async () => {
  await withS3(async (server) => {
    const uploadId = await open(server)
    const etag = await send(server, uploadId, 'part')
    const good = documentOf(etag)
    for (const [body, code] of [
      ['', 'MalformedXML'],
      ['<CompleteMultipartUpload/>', 'MalformedXML'],
      ['<Delete/>', 'MalformedXML'],
      [`<!DOCTYPE a [<!ENTITY b "c">]>${good}`, 'MalformedXML'],
      [good.replace('<PartNumber>1</PartNumber>', ''), 'MalformedXML'],
      [good.replace('>1<', '>one<'), 'MalformedXML'],
      [good.replace(/<ETag>.*<\/ETag>/, ''), 'MalformedXML'],
      [good.replace('>1<', '>0<'), 'InvalidArgument'],
      [good.replace('>1<', '>99999<'), 'InvalidPart'],
      [good.replace('</Part>', '<ChecksumCRC32>x</ChecksumCRC32></Part>'), 'InvalidArgument'],
      [good.replace('</Part>', '<ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>'), 'InvalidPart'],
      [documentOf(...Array.from({ length: 10_001 }, () => etag)), 'MalformedXML'],
    ] as const) {
      const { status, text } = await call(server, { method: 'POST', query: { uploadId }, body })
      assert.equal(status, 400, text)
      assert.match(text, new RegExp(`<Code>${code}</Code>`), body.slice(0, 120))
    }
    const done = await call(server, { method: 'POST', query: { uploadId }, body: good })
    assert.equal(done.status, 200, done.text)
  })
})

test('a part goes to a URL that the server signed itself, and to no other number', async () => {
  await withS3(async (server) => {
    const { core } = server
    const uploadId = await open(server)
    const { signingKey } = await core.keyRing.current()
    assert.ok(signingKey !== null)
    const { id } = await issue(core, 'a & b', { method: 'PUT' })
    const { url } = core.signLink(core.filesUrl, signingKey, {
      method: 'PUT',
      path: { bucket: 'acme', key: 'a & b' },
      signedAt: core.clock.now(),
      expiresInSeconds: 60,
      query: { partNumber: '1', uploadId, 'X-Hallpass-Link': id },
      headers: {},
      conditions: [],
    })
    const answer = await fetch(url, { method: 'PUT', body: 'part' })
    assert.equal(answer.status, 200, await answer.text())
    const moved = url.replace('partNumber=1', 'partNumber=2')
    assert.equal((await fetch(moved, { method: 'PUT', body: 'x' })).status, 403)
    const md5 = createHash('md5').update('part').digest('hex')
    assert.equal(answer.headers.get('etag'), `"${md5}"`)
  })
})

test('a part is read by its number, an empty one and those of an empty file too', async () => {
  await withS3(async (server) => {
    const uploadId = await open(server)
    const etags = [await send(server, uploadId, '')]
    const body = documentOf(...etags)
    await call(server, { method: 'POST', query: { uploadId }, body })
    const empty = await call(server, { method: 'GET', query: { partNumber: '1' } })
    assert.deepEqual([empty.status, empty.text], [200, ''])
    assert.equal(empty.headers.get('x-amz-mp-parts-count'), '1')
    const second = await open(server)
    const large = 'x'.repeat(5 * 1024 * 1024)
    const both = [await send(server, second, large, 1), await send(server, second, '', 2)]
    const query = { uploadId: second }
    const completed = await call(server, { method: 'POST', query, body: documentOf(...both) })
    assert.equal(completed.status, 200, completed.text)
    const last = await call(server, { method: 'GET', query: { partNumber: '2' } })
    assert.deepEqual([last.status, last.text], [206, ''])
    assert.equal(last.headers.get('content-range'), null)
    const first = await call(server, { method: 'GET', query: { partNumber: '1' } })
    assert.equal(first.headers.get('content-range'), `bytes 0-${large.length - 1}/${large.length}`)
    assert.equal(first.headers.get('x-amz-mp-parts-count'), '2')
  })
})

test('what a part is refused for is refused before it is stored', async () => {
  await withS3(async (server) => {
    const uploadId = await open(server)
    const attempt = async (headers: Record<string, string>): Promise<string> => {
      const query = { uploadId, partNumber: '1' }
      const { text } = await call(server, { method: 'PUT', query, body: 'part', headers })
      return /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text
    }
    const wrong = createHash('md5').digest('base64')
    assert.equal(await attempt({ 'content-md5': wrong }), 'BadDigest')
    assert.equal(await attempt({ 'x-amz-checksum-crc32': 'AAAAAA==' }), 'BadDigest')
    assert.equal(await attempt({ 'x-amz-checksum-crc32': 'x' }), 'InvalidRequest')
    assert.equal(await attempt({ 'x-amz-server-side-encryption': 'AES256' }), 'NotImplemented')
    assert.deepEqual(await server.core.files.uploads.listParts(uploadId, 0, 10), [])
  })
})

test('who may only write goes on with uploads, and who may only read sees none of it', async () => {
  await withS3(async (server) => {
    const writer = await server.createKey({ name: 'w', actions: ['write'] })
    const reader = await server.createKey({ name: 'r', actions: ['read', 'list'] })
    const uploadId = await open(server, { credentials: writer })
    const listing = { method: 'GET', query: { uploadId } }
    assert.equal((await call(server, { ...listing, credentials: writer })).status, 200)
    assert.equal((await call(server, { ...listing, credentials: reader })).status, 403)
    const aborting = { method: 'DELETE', query: { uploadId } }
    assert.equal((await call(server, { ...aborting, credentials: reader })).status, 403)
    assert.notEqual(await server.core.files.uploads.find(uploadId), null)
  })
})

test('an upload that nobody goes on with is given up after a day, and one that is gone on with is not', async () => {
  await withS3(async (server) => {
    const { core } = server
    const idle = await open(server)
    const busy = await open(server)
    await send(server, idle, 'part')
    core.clock.advance(UPLOAD_IDLE_MS - 1000)
    await server.core.keyRing.refresh()
    await send(server, busy, 'part')
    core.clock.advance(1000)
    assert.equal(await reapUploads(core, new AbortController().signal), 1)
    assert.equal(await core.files.uploads.find(idle), null)
    assert.notEqual(await core.files.uploads.find(busy), null)
    const { status } = await call(server, { method: 'GET', query: { uploadId: idle } })
    assert.equal(status, 404)
  })
})

test('a copy is asked for with a PUT and an object, and needs both', async () => {
  await withS3(async (server) => {
    await put(server.core, 'source', 'x')
    const headers = { 'x-amz-copy-source': '/acme/source' }
    const { status, text } = await call(server, { method: 'PUT', query: {}, headers })
    assert.equal(status, 200, text)
    assert.deepEqual(elementsOf(text).slice(0, 3), ['CopyObjectResult', 'LastModified', 'ETag'])
    const moved = await call(server, { method: 'PUT', query: headers })
    assert.equal(moved.status, 200, moved.text)
    const post = await call(server, { method: 'POST', query: { uploads: '' }, headers })
    assert.equal(post.status, 400)
  })
})
