/** Every signer's URL of every key works, and reads its own object: security without this is worth nothing. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { createAws4Fetch, createAwsClient, createMinioClient, presign } from '../lib/clients.ts'
import { NASTY_KEY_COUNT, nastyKeys } from '../lib/nasty-keys.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const BUCKET = 'nasty'
const keys = nastyKeys()
let server: RunningServer

before(async () => {
  server = await startServer()
  await makeBucket(server, BUCKET)
  for (const key of keys) await putFile(server, { bucket: BUCKET, key }, contentOf(key))
})

after(async () => {
  await server.stop()
})

function contentOf(key: string): string {
  return `this is ${JSON.stringify(key)}`
}

/** The signed URL of each key, fetched. */
async function assertAllRead(sign: (key: string) => Promise<string | Request>): Promise<void> {
  let count = 0
  for (const key of keys) {
    const response = await fetch(await sign(key))
    const text = await response.text()
    assert.equal(response.status, 200, `${JSON.stringify(key)}: ${text}`)
    assert.equal(text, contentOf(key))
    count += 1
  }
  assert.equal(count, NASTY_KEY_COUNT)
}

test('URLs of @aws-sdk/s3-request-presigner read 200 nasty keys', async () => {
  const client = createAwsClient(server)
  await assertAllRead((key) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket: BUCKET, Key: key }), { expiresIn: 300 }),
  )
})

test('URLs of minio read 200 nasty keys', async () => {
  const client = createMinioClient(server)
  await assertAllRead((key) => client.presignedGetObject(BUCKET, key, 300))
})

test('URLs of aws4fetch read 200 nasty keys', async () => {
  const client = createAws4Fetch(server)
  await assertAllRead((key) => {
    const path = key.split('/').map(encodeURIComponent).join('/')
    return client.sign(`${server.origin}/${BUCKET}/${path}?X-Amz-Expires=300`, {
      aws: { signQuery: true },
    })
  })
})

test('URLs of @hallpass/signing read 200 nasty keys', async () => {
  await assertAllRead((key) => Promise.resolve(presign(server, 'GET', `${BUCKET}/${key}`)))
})

test('the AWS SDK lists all of them, page by page, in byte order', async () => {
  const client = createAwsClient(server)
  const listed: string[] = []
  let token: string | undefined
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: BUCKET,
        MaxKeys: 37,
        EncodingType: 'url',
        ContinuationToken: token,
      }),
    )
    for (const { Key = '' } of page.Contents ?? []) listed.push(decodeURIComponent(Key))
    token = page.NextContinuationToken
  } while (token !== undefined)
  const ordered = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  assert.deepEqual(listed, ordered)
})
