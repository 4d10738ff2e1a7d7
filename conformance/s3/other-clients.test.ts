/** minio and aws4fetch, as their readers would use them. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createAws4Fetch, createMinioClient } from '../lib/clients.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

let server: RunningServer

before(async () => {
  server = await startServer()
})

after(async () => {
  await server.stop()
})

test('minio: buckets, small and large files, metadata, lists, presigned URLs', async () => {
  const client = createMinioClient(server)
  await client.makeBucket('minio-bucket', server.region)
  assert.equal(await client.bucketExists('minio-bucket'), true)
  assert.equal(await client.bucketExists('no-such-bucket'), false)
  assert.deepEqual(
    (await client.listBuckets()).map(({ name }) => name),
    ['minio-bucket'],
  )
  const large = Buffer.alloc(2_000_000, 'xyz')
  await client.putObject('minio-bucket', 'a/small.txt', 'hello', undefined, {
    'Content-Type': 'text/plain',
    colour: 'blue',
  })
  await client.putObject('minio-bucket', 'a/large.bin', large)
  await client.putObject('minio-bucket', 'stream', Readable.from([large]), large.length)
  assert.ok((await buffer(await client.getObject('minio-bucket', 'a/large.bin'))).equals(large))
  assert.ok((await buffer(await client.getObject('minio-bucket', 'stream'))).equals(large))
  const part = await buffer(await client.getPartialObject('minio-bucket', 'a/small.txt', 1, 3))
  assert.equal(part.toString(), 'ell')
  const stat = await client.statObject('minio-bucket', 'a/small.txt')
  assert.equal(stat.size, 5)
  assert.equal(stat.metaData['content-type'], 'text/plain')
  assert.equal(stat.metaData['colour'], 'blue')
  const names: (string | undefined)[] = []
  const listing = client.listObjectsV2('minio-bucket', '', true)
  for await (const { name } of listing as AsyncIterable<{ name?: string }>) names.push(name)
  assert.deepEqual(names, ['a/large.bin', 'a/small.txt', 'stream'])
  const put = await client.presignedPutObject('minio-bucket', 'door', 60)
  assert.equal((await fetch(put, { method: 'PUT', body: 'in' })).status, 200)
  const get = await client.presignedGetObject('minio-bucket', 'door', 60)
  assert.equal(await (await fetch(get)).text(), 'in')
  for (const name of [...names, 'door']) await client.removeObject('minio-bucket', name ?? '')
  await client.removeBucket('minio-bucket')
})

test('aws4fetch: signed headers and signed queries', async () => {
  const client = createAws4Fetch(server)
  const bucket = `${server.origin}/fetch-bucket`
  assert.equal((await client.fetch(bucket, { method: 'PUT' })).status, 200)
  const stored = await client.fetch(`${bucket}/a%20b.txt`, {
    method: 'PUT',
    body: 'hello',
    headers: { 'content-type': 'text/plain', 'x-amz-meta-colour': 'blue' },
  })
  assert.equal(stored.status, 200, await stored.text())
  const read = await client.fetch(`${bucket}/a%20b.txt`)
  assert.equal(await read.text(), 'hello')
  assert.equal(read.headers.get('x-amz-meta-colour'), 'blue')
  const list = await client.fetch(`${bucket}?list-type=2&prefix=a`)
  assert.match(await list.text(), /<Key>a b.txt<\/Key>/)
  const signed = await client.sign(`${bucket}/door?X-Amz-Expires=60`, {
    method: 'PUT',
    aws: { signQuery: true },
  })
  assert.equal((await fetch(signed.url, { method: 'PUT', body: 'in' })).status, 200)
  assert.equal((await client.fetch(`${bucket}/door`, { method: 'DELETE' })).status, 204)
  assert.equal((await client.fetch(`${bucket}/door`)).status, 404)
})
