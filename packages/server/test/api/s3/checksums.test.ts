import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { before, test } from 'node:test'
import type { ChecksumAlgorithm } from '../../../src/catalog/records.ts'
import { CHECKSUM_ALGORITHMS, digestOf, loadChecksums } from '../../../src/core/files/checksums.ts'
import { issue, put } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

before(() => loadChecksums(CHECKSUM_ALGORITHMS))
const BODY = 'hello'

function checksumOf(algorithm: ChecksumAlgorithm, body = BODY): string {
  return Buffer.from(digestOf(algorithm, Buffer.from(body))).toString('base64')
}

function upload(
  { presign }: S3Server,
  headers: Record<string, string>,
  query: Record<string, string> = {},
): Promise<Response> {
  const url = presign('PUT', 'acme/a.txt', { headers, query })
  return fetch(url, { method: 'PUT', body: BODY, headers })
}

/** Every checksum among the headers of an answer. */
function shownIn({ headers }: Response): Record<string, string> {
  const names = [...headers].filter(
    ([name]) => name.startsWith('x-amz-checksum-') && name !== 'x-amz-checksum-type',
  )
  return Object.fromEntries(names)
}

async function readHeaders(
  { presign }: S3Server,
  method: 'GET' | 'HEAD',
  query: Record<string, string> = { 'x-amz-checksum-mode': 'ENABLED' },
): Promise<Response> {
  const answer = await fetch(presign(method, 'acme/a.txt', { query }), { method })
  await answer.arrayBuffer()
  return answer
}

test('the checksum that came is kept, listed, and told to whoever asks, and no other', async () => {
  await withS3(async (server) => {
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const name = `x-amz-checksum-${algorithm}`
      const value = checksumOf(algorithm)
      const stored = await upload(server, {
        [name]: value,
        'x-amz-sdk-checksum-algorithm': algorithm.toUpperCase(),
      })
      assert.equal(stored.status, 200, await stored.text())
      assert.deepEqual(shownIn(stored), { [name]: value })
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await readHeaders(server, method)
        assert.deepEqual(shownIn(answer), { [name]: value })
        assert.equal(answer.headers.get('x-amz-checksum-type'), 'FULL_OBJECT')
        assert.deepEqual(shownIn(await readHeaders(server, method, {})), {})
      }
      for (const query of [{ 'list-type': '2' }, {}]) {
        const listing = await (await fetch(server.presign('GET', 'acme', { query }))).text()
        const upper = algorithm.toUpperCase()
        assert.ok(
          listing.includes(
            `<ChecksumAlgorithm>${upper}</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size>`,
          ),
          listing,
        )
      }
    }
  })
})

test('a body that comes without a checksum gets a CRC-64/NVME', async () => {
  await withS3(async (server) => {
    const stored = await upload(server, {})
    const expected = { 'x-amz-checksum-crc64nvme': checksumOf('crc64nvme') }
    assert.deepEqual(shownIn(stored), expected)
    assert.equal(stored.headers.get('x-amz-checksum-type'), 'FULL_OBJECT')
    assert.deepEqual(shownIn(await readHeaders(server, 'HEAD')), expected)
    const md5 = await upload(server, { 'content-md5': checksumOf('md5') })
    assert.deepEqual(shownIn(md5), expected)
  })
})

test('a checksum of other bytes is refused, and nothing is stored', async () => {
  await withS3(async (server) => {
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const answer = await upload(server, {
        [`x-amz-checksum-${algorithm}`]: checksumOf(algorithm, 'other'),
      })
      assert.equal(answer.status, 400)
      const text = await answer.text()
      assert.match(text, /<Code>BadDigest</)
      assert.ok(text.includes(`The ${algorithm.toUpperCase()} you specified did not match`), text)
    }
    assert.equal(await server.core.files.find({ bucket: 'acme', key: 'a.txt' }), null)
  })
})

test('a link for one body says that it was its own digest that did not match', async () => {
  await withS3(async ({ core }) => {
    const terms = { sha256: '0'.repeat(64) }
    const { url } = await issue(core, 'a.txt', { method: 'PUT', terms })
    const answer = await fetch(url, { method: 'PUT', body: 'another' })
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /The sha256 of the link you specified did not match/)
  })
})

test('what the SDK announces and what comes must be the same', async () => {
  await withS3(async (server) => {
    const crc = { 'x-amz-checksum-crc32': checksumOf('crc32') }
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ ...crc, 'x-amz-sdk-checksum-algorithm': 'SHA256' }, /Value for x-amz-sdk-checksum-al/],
      [{ ...crc, 'x-amz-sdk-checksum-algorithm': 'MD4' }, /algorithm provided is unsupported/],
      [{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, /specified, but no corresponding/],
      [{ ...crc, 'x-amz-checksum-sha1': checksumOf('sha1') }, /Expecting a single x-amz-checksum/],
    ]
    for (const [headers, message] of cases) {
      const answer = await upload(server, headers)
      const text = await answer.text()
      assert.equal(answer.status, 400, text)
      assert.match(text, /<Code>InvalidRequest</)
      assert.match(text, message)
    }
    assert.equal(await server.core.files.find({ bucket: 'acme', key: 'a.txt' }), null)
    const hoisted = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-sdk-checksum-algorithm': 'CRC32' }
    assert.equal((await upload(server, {}, hoisted)).status, 200)
  })
})

async function readAttributes(
  { presign }: S3Server,
  attributes: string | null,
  headers: Record<string, string> = {},
): Promise<readonly [number, string, Response]> {
  const sent = { ...headers, ...(attributes && { 'x-amz-object-attributes': attributes }) }
  const url = presign('GET', 'acme/a.txt', { query: { attributes: '' }, headers: sent })
  const answer = await fetch(url, { headers: sent })
  return [answer.status, await answer.text(), answer]
}

test('attributes may be asked for in a header line each', async () => {
  await withS3(async (server) => {
    await put(server.core, 'a.txt', BODY)
    const headers = { 'x-amz-object-attributes': 'ObjectSize,StorageClass' }
    const url = server.presign('GET', 'acme/a.txt', { query: { attributes: '' }, headers })
    const lines = { 'x-amz-object-attributes': ['ObjectSize', 'StorageClass'] }
    const [answer] = (await once(get(url, { headers: lines }), 'response')) as [IncomingMessage]
    const said = await text(answer)
    assert.match(said, new RegExp(`<ObjectSize>${BODY.length}</ObjectSize>`))
    assert.match(said, /<StorageClass>STANDARD<\/StorageClass>/)
  })
})

test('the attributes of an object are told as far as they are asked for', async () => {
  await withS3(async (server) => {
    const { file } = await put(server.core, 'a.txt', BODY)
    const [status, text, answer] = await readAttributes(
      server,
      'ObjectSize,StorageClass,ObjectParts, Checksum,ETag',
    )
    assert.equal(status, 200, text)
    assert.equal(
      text,
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<GetObjectAttributesResponse xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        `<ETag>${file.etag}</ETag>` +
        `<Checksum><ChecksumCRC64NVME>${checksumOf('crc64nvme')}</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType></Checksum>` +
        '<StorageClass>STANDARD</StorageClass><ObjectSize>5</ObjectSize></GetObjectAttributesResponse>',
    )
    assert.equal(answer.headers.get('last-modified'), new Date(file.modifiedAt).toUTCString())
    const [, size] = await readAttributes(server, 'ObjectSize')
    assert.match(size, /01\/"><ObjectSize>5<\/ObjectSize><\/Get/)
    assert.match((await readAttributes(server, 'Everything'))[1], /InvalidArgument.*attribute name/)
    assert.match((await readAttributes(server, null))[1], /<Code>InvalidRequest</)
    const parts = { 'x-amz-max-parts': 'many' }
    assert.match((await readAttributes(server, 'ETag', parts))[1], /<Code>InvalidArgument</)
  })
})

test('the parts of an object that came in parts are told by the page', async () => {
  await withS3(async (server) => {
    const { core } = server
    const { file } = await put(core, 'a.txt', 'aaabbc')
    const find = core.files.find.bind(core.files)
    Object.assign(core.files, {
      find: async (path: Parameters<typeof find>[0]) => {
        const found = await find(path)
        return found === null ? null : { ...file, partSizes: [3, 2, 1] }
      },
    })
    const [status, text] = await readAttributes(server, 'ObjectParts', {
      'x-amz-max-parts': '1',
      'x-amz-part-number-marker': '1',
    })
    assert.equal(status, 200, text)
    assert.match(
      text,
      /<ObjectParts><IsTruncated>true<\/IsTruncated><MaxParts>1<\/MaxParts><NextPartNumberMarker>2<\/NextPartNumberMarker><PartNumberMarker>1<\/PartNumberMarker><Part><PartNumber>2<\/PartNumber><Size>2<\/Size><\/Part><PartsCount>3<\/PartsCount><\/ObjectParts>/,
    )
  })
})
