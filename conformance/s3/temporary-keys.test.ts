/** Temporary credentials, asked for over REST and used by the AWS SDK: in headers, in URLs, in forms, in an upload of parts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

interface Temporary {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiresAt: string
}

async function ask(server: RunningServer, wish: object): Promise<Temporary> {
  const answer = await fetch(`${server.origin}/v1/access-keys/temporary`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })
  const body = (await answer.json()) as Temporary
  assert.equal(answer.status, 201, JSON.stringify(body))
  return body
}

test('the AWS SDK works with temporary credentials, below their prefix alone', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = await ask(server, {
      actions: ['read', 'write'],
      pathPrefix: 'acme/user-1',
      expiresIn: 900,
    })
    const client = new S3Client({
      endpoint: server.origin,
      region: server.region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) },
    })
    try {
      const at = { Bucket: 'acme', Key: 'user-1/a.txt' }
      await client.send(new PutObjectCommand({ ...at, Body: 'by header' }))
      const url = await getSignedUrl(client, new GetObjectCommand(at))
      assert.equal(await (await fetch(url)).text(), 'by header')

      const Body = Buffer.alloc(6 * 1024 * 1024, 'x')
      await new Upload({ client, params: { ...at, Key: 'user-1/large', Body } }).done()
      const { Body: read } = await client.send(new GetObjectCommand({ ...at, Key: 'user-1/large' }))
      assert.ok(Body.equals((await read?.transformToByteArray()) ?? new Uint8Array(0)))

      const { url: action, fields } = await createPresignedPost(client, at)
      const form = new FormData()
      for (const [field, value] of Object.entries(fields)) form.append(field, value)
      form.append('file', new Blob(['by form']))
      const posted = await fetch(action, { method: 'POST', body: form })
      assert.equal(posted.status, 204, await posted.text())
      assert.equal(await (await fetch(url)).text(), 'by form')

      const beyond = { ...at, Key: 'user-10/a.txt', Body: 'x' }
      await assert.rejects(client.send(new PutObjectCommand(beyond)), { name: 'AccessDenied' })
    } finally {
      client.destroy()
    }
  })
})
