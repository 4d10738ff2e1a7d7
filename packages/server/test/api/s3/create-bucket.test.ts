import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { signS3Headers } from '@hallpass/signing/s3'
import { storeFull } from '../../../src/platform/store-errors.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { S3Server } from './support.ts'

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

function configuration(inner: string): string {
  return `<CreateBucketConfiguration xmlns="${NAMESPACE}">${inner}</CreateBucketConfiguration>`
}

function located(region: string): string {
  return configuration(`<LocationConstraint>${region}</LocationConstraint>`)
}

async function create(
  server: S3Server,
  body: BodyInit,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly [number, string]> {
  const signed = Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-amz-') || name === 'content-md5'),
  )
  const url = server.presign('PUT', 'new-bucket', { headers: signed })
  const answer = await fetch(url, { method: 'PUT', body, headers: { ...headers } })
  const text = await answer.text()
  return [answer.status, /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '']
}

async function isMade({ core }: S3Server): Promise<boolean> {
  return (await core.catalog.buckets.find('new-bucket')) !== null
}

test('a bucket is made without a body, or with one that names the region of the server', async () => {
  await withS3(async (server) => {
    const bodies = [
      '',
      configuration(''),
      located('us-east-1'),
      located(''),
      `<?xml version="1.0"?>\n<CreateBucketConfiguration/>`,
    ]
    for (const body of bodies) {
      assert.deepEqual(await create(server, body), [200, ''], body)
      assert.equal(await isMade(server), true)
      await server.core.catalog.buckets.remove('new-bucket', null)
    }
  })
})

test('a bucket for another region, or with what is not kept, is not made here instead', async () => {
  await withS3(async (server) => {
    assert.deepEqual(await create(server, located('eu-west-1')), [400, 'InvalidLocationConstraint'])
    const directory = configuration('<Bucket><Type>Directory</Type></Bucket>')
    assert.deepEqual(await create(server, directory), [501, 'NotImplemented'])
    const lock = { 'x-amz-bucket-object-lock-enabled': 'true' }
    assert.deepEqual(await create(server, '', lock), [501, 'NotImplemented'])
    const owner = { 'x-amz-object-ownership': 'ObjectWriter' }
    assert.deepEqual(await create(server, '', owner), [501, 'NotImplemented'])
    const nobody = { 'x-amz-object-ownership': 'Nobody' }
    assert.deepEqual(await create(server, '', nobody), [400, 'InvalidArgument'])
    const open = await create(server, '', { 'x-amz-acl': 'public-read' })
    assert.deepEqual(open, [400, 'InvalidBucketAclWithObjectOwnership'])
    assert.equal(await isMade(server), false)
    const enforced = { 'x-amz-object-ownership': 'BucketOwnerEnforced' }
    assert.deepEqual(await create(server, '', enforced), [200, ''])
    await server.core.catalog.buckets.remove('new-bucket', null)
    assert.equal(await isMade(server), false)
  })
})

test('a body that is no such document makes nothing', async () => {
  await withS3(async (server) => {
    const documents = [
      '<CreateBucketConfiguration>',
      '<Delete/>',
      'hello',
      '<!DOCTYPE a [<!ENTITY x "y">]><CreateBucketConfiguration>&x;</CreateBucketConfiguration>',
      configuration('<a>'.repeat(50) + '</a>'.repeat(50)),
      new Uint8Array([0x3c, 0xff, 0xfe]),
    ]
    for (const body of documents) {
      assert.deepEqual(
        await create(server, body),
        [400, 'MalformedXML'],
        typeof body === 'string' ? body : 'bytes',
      )
    }
    const huge = configuration(' '.repeat(70_000))
    assert.deepEqual(await create(server, huge), [400, 'MaxMessageLengthExceeded'])
    assert.equal(await isMade(server), false)
  })
})

test('a body that does not have its digest makes nothing, whether the digest is a header or signed', async () => {
  await withS3(async (server) => {
    const body = located('us-east-1')
    const other = createHash('md5').update('other').digest('base64')
    assert.deepEqual(await create(server, body, { 'content-md5': other }), [400, 'BadDigest'])
    const crc = { 'x-amz-checksum-crc32': 'AAAAAA==' }
    assert.deepEqual(await create(server, body, crc), [400, 'BadDigest'])

    const payloadHash = createHash('sha256').update(body).digest('hex')
    const { url, headers } = signS3Headers({
      credentials: server.credentials,
      region: server.core.region,
      method: 'PUT',
      bucket: 'new-bucket',
      key: null,
      endpoint: server.origin,
      addressing: 'path',
      payloadHash,
      now: new Date(server.core.clock.now()),
    })
    const send = (text: string): Promise<Response> =>
      fetch(url, { method: 'PUT', body: text, headers: { ...headers } })
    const forged = await send(body.replace('us-east-1', ''))
    assert.match(await forged.text(), /<Code>XAmzContentSHA256Mismatch<\/Code>/)
    assert.equal(await isMade(server), false)
    assert.equal((await send(body)).status, 200)
    const good = createHash('md5').update(body).digest('base64')
    assert.deepEqual(await create(server, body, { 'content-md5': good }), [200, ''])
  })
})

test('a key that is revoked while the body arrives makes no bucket', async () => {
  await withS3(async (server) => {
    const credentials = await server.createKey({ name: 'short', actions: ['write'] })
    const body = located('us-east-1')
    const headers = { 'content-length': body.length }
    const url = server.presign('PUT', 'new-bucket', { credentials })
    const sending = request(url, { method: 'PUT', headers })
    const answered = once(sending, 'response')
    // The right was asked for once the body is waited for.
    const waiting = once(server.app.server, 'request')
    sending.write(body.slice(0, 5))
    await waiting
    await fetch(server.presign('GET', ''))
    await revokeKey(
      server.core,
      await authorizeInstance(server.core, admin),
      credentials.accessKeyId,
    )
    sending.end(body.slice(5))
    const [answer] = (await answered) as [IncomingMessage]
    answer.resume()
    assert.equal(answer.statusCode, 403)
    assert.equal(await isMade(server), false)
  })
})

test('a full storage is told apart from one that is away', async () => {
  await withS3(async (server) => {
    Object.assign(server.core.files, {
      write: () => Promise.reject(storeFull('no space on /data')),
    })
    const answer = await fetch(server.presign('PUT', 'acme/a.txt'), { method: 'PUT', body: 'x' })
    assert.equal(answer.status, 507)
    const text = await answer.text()
    assert.match(text, /<Code>InsufficientStorage<\/Code>/)
    assert.ok(!text.includes('/data'))
  })
})
