import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const MD5 = createHash('md5').update('hello').digest('base64')
const SHA256 = createHash('sha256').update('hello').digest('base64')

function upload(
  server: S3Server,
  headers: Record<string, string>,
  query: Record<string, string> = {},
): Promise<Response> {
  const signed = Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-amz-') || name === 'content-md5'),
  )
  const url = server.presign('PUT', 'acme/a.txt', { headers: signed, query })
  return fetch(url, { method: 'PUT', body: 'hello', headers })
}

async function isStored({ core }: S3Server): Promise<boolean> {
  return (await core.files.find({ bucket: 'acme', key: 'a.txt' })) !== null
}

async function assertRefused(
  server: S3Server,
  response: Response,
  status: number,
  code: string,
): Promise<void> {
  const text = await response.text()
  assert.equal(response.status, status, text)
  assert.equal(/<Code>(\w+)<\/Code>/.exec(text)?.[1], code)
  assert.equal(await isStored(server), false)
}

test('what a client says about its file comes back with it', async () => {
  await withS3(async (server) => {
    const response = await upload(
      server,
      {
        'content-type': 'text/csv; charset=utf-8',
        'content-language': 'de',
        'content-encoding': 'aws-chunked,gzip',
        'content-disposition': 'attachment; filename="x.csv"',
        'cache-control': 'max-age=5',
        'x-amz-meta-colour': 'blue',
      },
      { 'x-amz-meta-moved': 'into the query' },
    )
    assert.equal(response.status, 200, await response.text())
    assert.equal(
      response.headers.get('etag'),
      `"${createHash('md5').update('hello').digest('hex')}"`,
    )
    const file = await server.core.files.find({ bucket: 'acme', key: 'a.txt' })
    assert.equal(file?.contentType, 'text/csv; charset=utf-8')
    assert.deepEqual(
      { ...file?.headers },
      {
        contentLanguage: 'de',
        contentEncoding: 'gzip',
        contentDisposition: 'attachment; filename="x.csv"',
        cacheControl: 'max-age=5',
      },
    )
    assert.deepEqual({ ...file?.metadata }, { colour: 'blue', moved: 'into the query' })
  })
})

test('digests in headers are enforced, and a checksum comes back', async () => {
  await withS3(async (server) => {
    const wrong = createHash('md5').update('other').digest('base64')
    await assertRefused(server, await upload(server, { 'content-md5': wrong }), 400, 'BadDigest')
    await assertRefused(
      server,
      await upload(server, { 'content-md5': 'abc' }),
      400,
      'InvalidDigest',
    )
    for (const value of ['AAAAAA==', 'AAAAAA']) {
      const response = await upload(server, { 'x-amz-checksum-crc32': value })
      const code = value.endsWith('=') ? 'BadDigest' : 'InvalidRequest'
      await assertRefused(server, response, 400, code)
    }
    const both = { 'x-amz-checksum-crc32': 'NhCmhg==', 'x-amz-checksum-sha256': SHA256 }
    await assertRefused(server, await upload(server, both), 400, 'InvalidRequest')
    const response = await upload(server, {
      'content-md5': MD5,
      'x-amz-checksum-crc32': 'NhCmhg==',
    })
    assert.equal(response.status, 200, await response.text())
    assert.equal(response.headers.get('x-amz-checksum-crc32'), 'NhCmhg==')
  })
})

test('checksums in the query are signed and then ignored, as S3 does', async () => {
  await withS3(async (server) => {
    const query = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-sdk-checksum-algorithm': 'CRC32' }
    const response = await upload(server, {}, query)
    assert.equal(response.status, 200, await response.text())
    assert.equal(response.headers.get('x-amz-checksum-crc32'), null)
  })
})

test('what is not done is refused instead of ignored', async () => {
  await withS3(async (server) => {
    for (const method of ['AES256', 'aws:kms']) {
      const answer = await upload(server, { 'x-amz-server-side-encryption': method })
      await assertRefused(server, answer, 501, 'NotImplemented')
    }
    for (const [name, value] of [
      ['x-amz-website-redirect-location', 'https://example.com/'],
      ['x-amz-storage-class', 'GLACIER_IR'],
      ['x-amz-meta-snowball-auto-extract', 'true'],
    ] as const) {
      await assertRefused(server, await upload(server, { [name]: value }), 501, 'NotImplemented')
    }
    const moved = await upload(server, {}, { 'x-amz-website-redirect-location': '/b' })
    await assertRefused(server, moved, 501, 'NotImplemented')
    for (const [name, value] of [
      ['x-amz-acl', 'public-read'],
      ['x-amz-grant-read', 'id="1"'],
    ] as const) {
      const answer = await upload(server, { [name]: value })
      await assertRefused(server, answer, 400, 'AccessControlListNotSupported')
    }
    const retention = {
      'x-amz-object-lock-mode': 'GOVERNANCE',
      'x-amz-object-lock-retain-until-date': '2099-01-01T00:00:00Z',
    }
    for (const lock of [retention, { 'x-amz-object-lock-legal-hold': 'ON' }]) {
      await assertRefused(server, await upload(server, lock), 400, 'InvalidRequest')
    }
    const harmless = { 'x-amz-acl': 'private', 'x-amz-storage-class': 'STANDARD' }
    assert.equal((await upload(server, harmless)).status, 200)
  })
})

const LOCK_MODE = 'x-amz-object-lock-mode'
const LOCK_DATE = 'x-amz-object-lock-retain-until-date'
const ALL_READ = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'

/** Values that no bucket of S3 takes. */
const TAKEN_NOWHERE: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{ 'x-amz-storage-class': 'COLD' }, 'InvalidStorageClass'],
  [{ 'x-amz-storage-class': 'standard' }, 'InvalidStorageClass'],
  [{ 'x-amz-storage-class': '' }, 'InvalidStorageClass'],
  [{ 'x-amz-acl': 'public' }, 'InvalidArgument'],
  [{ 'x-amz-grant-read': 'everybody' }, 'InvalidArgument'],
  [{ 'x-amz-grant-read': `${ALL_READ}, everybody` }, 'InvalidArgument'],
  [{ 'x-amz-acl': 'private', 'x-amz-grant-read': ALL_READ }, 'InvalidRequest'],
  [{ 'x-amz-acl': 'public-read', 'x-amz-grant-write': 'id="a"' }, 'InvalidRequest'],
  [{ 'x-amz-website-redirect-location': 'example.com' }, 'InvalidRedirectLocation'],
  [{ 'x-amz-object-lock-legal-hold': 'on' }, 'InvalidArgument'],
  [{ [LOCK_MODE]: 'FOREVER', [LOCK_DATE]: '2099-01-01T00:00:00Z' }, 'InvalidArgument'],
  [{ [LOCK_MODE]: 'GOVERNANCE' }, 'InvalidArgument'],
  [{ [LOCK_DATE]: '2099-01-01T00:00:00Z' }, 'InvalidArgument'],
  [{ [LOCK_MODE]: 'GOVERNANCE', [LOCK_DATE]: 'tomorrow' }, 'InvalidArgument'],
  [{ 'x-amz-server-side-encryption': 'AES' }, 'InvalidArgument'],
  [{ 'x-amz-tagging': 'a=1&a=2' }, 'InvalidArgument'],
  [{ 'x-amz-sdk-checksum-algorithm': 'CRC16' }, 'InvalidRequest'],
]

test('a value that S3 takes nowhere has the code of S3, in a header and in the query', async () => {
  await withS3(async (server) => {
    for (const [headers, code] of TAKEN_NOWHERE) {
      await assertRefused(server, await upload(server, headers), 400, code)
      // What an SDK leaves there of a checksum counts for nothing.
      if ('x-amz-sdk-checksum-algorithm' in headers) continue
      await assertRefused(server, await upload(server, {}, headers), 400, code)
    }
    const isNamed = await upload(server, { 'x-amz-storage-class': 'COLD' })
    assert.match(await isNamed.text(), /<StorageClassRequested>COLD<\/StorageClassRequested>/)
    assert.equal(await isStored(server), false)
  })
})

test('a key of the client is not taken, and words about encryption that contradict each other are told so', async () => {
  await withS3(async (server) => {
    const name = 'x-amz-server-side-encryption'
    const key = Buffer.alloc(32, 7)
    const customer = {
      [`${name}-customer-algorithm`]: 'AES256',
      [`${name}-customer-key`]: key.toString('base64'),
      [`${name}-customer-key-md5`]: createHash('md5').update(key).digest('base64'),
    }
    await assertRefused(server, await upload(server, customer), 501, 'NotImplemented')
    for (const wrong of [
      { [name]: 'aes:kms' },
      { ...customer, [name]: 'AES256' },
      { ...customer, [name]: 'aws:kms' },
      { [name]: 'AES256', [`${name}-aws-kms-key-id`]: 'one' },
      { [`${name}-aws-kms-key-id`]: 'one' },
      { [`${name}-customer-algorithm`]: 'AES256' },
      { [`${name}-customer-key`]: key.toString('base64') },
      { ...customer, [`${name}-customer-key`]: 'c2hvcnQ=' },
      { ...customer, [`${name}-customer-key-md5`]: MD5 },
      { ...customer, [`${name}-customer-algorithm`]: 'AES128' },
    ]) {
      await assertRefused(server, await upload(server, wrong), 400, 'InvalidArgument')
    }
  })
})

test('names the server keeps for itself, and values no header can hold, are refused', async () => {
  await withS3(async (server) => {
    const reserved = await upload(server, { 'x-amz-meta-hallpass-verified': 'yes' })
    await assertRefused(server, reserved, 400, 'InvalidArgument')
    const own = await upload(server, { 'x-hallpass-scan': 'clean' })
    await assertRefused(server, own, 400, 'InvalidArgument')
    const split = await upload(server, {}, { 'x-amz-meta-a': 'b\r\nx: y' })
    await assertRefused(server, split, 400, 'InvalidArgument')
    const large = await upload(server, { 'x-amz-meta-a': 'b'.repeat(2048) })
    await assertRefused(server, large, 400, 'MetadataTooLarge')
    const fitting = await upload(server, { 'x-amz-meta-a': 'b'.repeat(2047) })
    assert.equal(fitting.status, 200)
  })
})

test('a write can be made to depend on what is there', async () => {
  await withS3(async (server) => {
    const missing = await upload(server, { 'if-match': '"abc"' })
    await assertRefused(server, missing, 404, 'NoSuchKey')
    const nothing = await upload(server, { 'if-match': '*' })
    await assertRefused(server, nothing, 404, 'NoSuchKey')
    const first = await upload(server, { 'if-none-match': '*' })
    assert.equal(first.status, 200)
    const etag = first.headers.get('etag') ?? ''
    assert.equal((await upload(server, { 'if-none-match': '*' })).status, 412)
    assert.equal((await upload(server, { 'if-match': etag })).status, 200)
    assert.equal((await upload(server, { 'if-match': '"abc"' })).status, 412)
    assert.equal((await upload(server, { 'if-match': '*' })).status, 200)
    assert.equal((await upload(server, { 'if-none-match': etag })).status, 412)
    assert.equal((await upload(server, { 'if-none-match': '"abc"' })).status, 200)
    assert.equal((await upload(server, { 'if-match': `${etag}, "abc"` })).status, 501)
  })
})

test('a body without a length is refused before it is read', async () => {
  await withS3(async (server) => {
    const target = server.presign('PUT', 'acme/a.txt').slice(server.origin.length)
    const answer = await server.raw(
      `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 411 /)
    assert.match(answer, /<Code>MissingContentLength<\/Code>/)
    assert.equal(await isStored(server), false)
  })
})

test('more than 5 GiB is refused by its announcement', async () => {
  await withS3(async (server) => {
    const target = server.presign('PUT', 'acme/a.txt').slice(server.origin.length)
    const answer = await server.raw(
      `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 5368709121\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.match(answer, /<Code>EntityTooLarge<\/Code>/)
  })
})

test('a refused signature is answered without 100 Continue', async () => {
  await withS3(async (server) => {
    const target = server.presign('PUT', 'acme/a.txt').slice(server.origin.length, -4)
    const answer = await server.raw(
      `PUT ${target}0000 HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 403 /)
    assert.doesNotMatch(answer, /100 Continue/)
  })
})

test('a hash of the body that was signed is compared with the body', async () => {
  await withS3(async (server) => {
    const other = createHash('sha256').update('other').digest('hex')
    const response = await upload(server, { 'x-amz-content-sha256': other })
    await assertRefused(server, response, 400, 'XAmzContentSHA256Mismatch')
    const right = createHash('sha256').update('hello').digest('hex')
    assert.equal((await upload(server, { 'x-amz-content-sha256': right })).status, 200)
  })
})

test('an upload larger than what is kept in the catalog is read back byte for byte', async () => {
  await withS3(async (server) => {
    const body = Buffer.alloc(1_500_000)
    for (let index = 0; index < body.length; index += 1) body[index] = (index * 7) % 251
    const put = await fetch(server.presign('PUT', 'acme/big.bin'), { method: 'PUT', body })
    assert.equal(put.status, 200)
    const get = await fetch(server.presign('GET', 'acme/big.bin'))
    assert.ok(Buffer.from(await get.arrayBuffer()).equals(body))
  })
})
