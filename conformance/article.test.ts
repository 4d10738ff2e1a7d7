/** The code of every article about presigned URLs, with nothing changed but endpoint and credentials. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { makeBucket, putFile } from './lib/put-files.ts'
import { startServer } from './lib/start-server.ts'
import type { RunningServer } from './lib/start-server.ts'

let server: RunningServer
let client: S3Client

before(async () => {
  server = await startServer()
  await makeBucket(server, 'my-bucket')
  client = new S3Client({
    region: 'us-east-1',
    endpoint: server.origin,
    forcePathStyle: true,
    credentials: server.credentials,
  })
})

after(async () => {
  client.destroy()
  await server.stop()
})

test('a presigned GET hands out a private file', async () => {
  await putFile(server, { bucket: 'my-bucket', key: 'reports/q3.pdf' }, 'the figures')
  const command = new GetObjectCommand({ Bucket: 'my-bucket', Key: 'reports/q3.pdf' })
  const url = await getSignedUrl(client, command, { expiresIn: 300 })
  const response = await fetch(url)
  assert.equal(response.status, 200)
  assert.equal(await response.text(), 'the figures')
  const bare = url.slice(0, url.indexOf('?'))
  assert.equal((await fetch(bare)).status, 403)
  server.advanceClock(301_000)
  const late = await fetch(url)
  assert.equal(late.status, 403)
  assert.match(await late.text(), /<Message>Request has expired<\/Message>/)
  server.advanceClock(-301_000)
})

test('a presigned PUT takes a file of the type that was signed', async () => {
  const command = new PutObjectCommand({
    Bucket: 'my-bucket',
    Key: 'uploads/photo.png',
    ContentType: 'image/png',
  })
  const url = await getSignedUrl(client, command, { expiresIn: 300 })
  const body = Buffer.from('not really a photo')
  const response = await fetch(url, {
    method: 'PUT',
    body,
    headers: { 'Content-Type': 'image/png' },
  })
  assert.equal(response.status, 200, await response.text())
  const read = await fetch(
    await getSignedUrl(
      client,
      new GetObjectCommand({ Bucket: 'my-bucket', Key: 'uploads/photo.png' }),
      { expiresIn: 300 },
    ),
  )
  assert.equal(read.headers.get('content-type'), 'image/png')
  assert.deepEqual(Buffer.from(await read.arrayBuffer()), body)
})

test('a bare API key gets the file with a signed URL that is good for its stated life', async () => {
  const id = await putFile(server, { bucket: 'my-bucket', key: 'private/invoice.txt' }, '42 francs')
  const response = await fetch(`${server.origin}/v1/files/${id}`, {
    headers: { Authorization: server.adminKey },
  })
  assert.equal(response.status, 200)
  const { signedUrl, expiresAt } = (await response.json()) as Record<string, string>
  assert.ok(signedUrl !== undefined && expiresAt !== undefined)
  assert.equal(await (await fetch(signedUrl)).text(), '42 francs')
  const leftMs = Date.parse(expiresAt) - server.core.clock.now()
  // Signatures know whole seconds: the life is rounded up to one.
  assert.ok(leftMs > 290_000 && leftMs <= 301_000, `${leftMs} ms`)
  server.advanceClock(leftMs - 1000)
  assert.equal((await fetch(signedUrl)).status, 200)
  server.advanceClock(2000)
  assert.equal((await fetch(signedUrl)).status, 403)
})
