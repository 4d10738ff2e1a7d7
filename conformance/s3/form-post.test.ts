/** Browser forms, as the AWS SDK and minio sign them and as the server hands them out: by hand and in a real browser of another origin. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { skip } from '../lib/browser-of-process.ts'
import { fetchIn, withPages } from '../lib/browser-pages.ts'
import { createAwsClient, createMinioClient, presign } from '../lib/clients.ts'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

interface Form {
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function send({ url, fields }: Form, file: Uint8Array, name = 'photo.png'): Promise<Response> {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.append(field, value)
  form.append('file', new Blob([Uint8Array.from(file)]), name)
  return fetch(url, { method: 'POST', body: form })
}

async function digestOf(server: RunningServer, key: string): Promise<string> {
  const answer = await fetch(presign(server, 'GET', `acme/${key}`))
  assert.equal(answer.status, 200)
  return digest(new Uint8Array(await answer.arrayBuffer()))
}

/** What `POST /v1/links` hands out. */
async function askForForm(server: RunningServer, wish: object): Promise<Form> {
  const answer = await fetch(`${server.origin}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'POST', ...wish }),
  })
  const link = (await answer.json()) as Form
  assert.equal(answer.status, 201, JSON.stringify(link))
  return link
}

test('forms of the AWS SDK upload every size, and keep to their conditions', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    const client = createAwsClient(server)
    try {
      for (const size of [0, 1, 5 * 1024 * 1024 + 1]) {
        const bytes = randomBytes(size)
        const form = await createPresignedPost(client, {
          Bucket: 'acme',
          Key: 'in/${filename}',
          Expires: 60,
          Fields: { 'x-amz-meta-from': 'sdk', success_action_status: '201' },
          Conditions: [
            ['content-length-range', 0, 6_000_000],
            ['starts-with', '$Content-Type', 'image/'],
          ],
        })
        const typed = { ...form, fields: { ...form.fields, 'Content-Type': 'image/png' } }
        const stored = await send(typed, bytes, `p${size}.png`)
        assert.equal(stored.status, 201, await stored.text())
        assert.equal(await digestOf(server, `in/p${size}.png`), digest(bytes))
        const html = { ...form, fields: { ...form.fields, 'Content-Type': 'text/html' } }
        assert.equal((await send(html, bytes)).status, 403)
        assert.equal((await send(form, bytes)).status, 403)
      }
    } finally {
      client.destroy()
    }
  })
})

test('forms of minio upload', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    const minio = createMinioClient(server)
    const policy = minio.newPostPolicy()
    policy.setBucket('acme')
    policy.setKey('minio.bin')
    policy.setExpires(new Date(Date.now() + 60_000))
    policy.setContentLengthRange(1, 100)
    const { postURL: url, formData } = await minio.presignedPostPolicy(policy)
    const fields = formData as Record<string, string>
    const bytes = randomBytes(100)
    const stored = await send({ url, fields }, bytes)
    assert.equal(stored.status, 204, await stored.text())
    assert.equal(await digestOf(server, 'minio.bin'), digest(bytes))
    assert.equal((await send({ url, fields }, randomBytes(101))).status, 400)
    assert.equal((await send({ url, fields }, randomBytes(0))).status, 400)
  })
})

test('a form that the server hands out always has a size, and commits once', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    const form = await askForForm(server, { path: 'acme/in.png', contentType: 'image/png' })
    const policy = JSON.parse(Buffer.from(form.fields['Policy'] ?? '', 'base64').toString()) as {
      readonly conditions: readonly unknown[]
    }
    const ranges = policy.conditions.filter(
      (condition) => Array.isArray(condition) && condition[0] === 'content-length-range',
    )
    assert.deepEqual(ranges, [['content-length-range', 0, 5 * 1024 ** 3]])
    const bytes = randomBytes(1000)
    assert.equal((await send(form, bytes)).status, 204)
    assert.equal(await digestOf(server, 'in.png'), digest(bytes))
    const again = await send(form, bytes)
    assert.equal(again.status, 410, await again.text())
    const limited = await askForForm(server, { path: 'acme/small', maxBytes: 10 })
    assert.equal((await send(limited, randomBytes(11))).status, 400)
    assert.equal((await send(limited, randomBytes(10))).status, 204)
  })
})

test('a page of another origin uploads by a form that leads back to it', { skip }, async () => {
  await withPages(async ({ server, page }) => {
    const bytes = randomBytes(200_000)
    const done = `${new URL(page.url()).origin}/done`
    const client = createAwsClient(server)
    const form = await createPresignedPost(client, {
      Bucket: 'acme',
      Key: 'form/${filename}',
      Fields: { success_action_redirect: done },
    })
    client.destroy()
    await page.evaluate(({ url, fields }) => {
      const element = document.createElement('form')
      element.method = 'post'
      element.enctype = 'multipart/form-data'
      element.action = url
      // The page declares no charset, by which forms are otherwise written.
      element.acceptCharset = 'utf-8'
      for (const [name, value] of Object.entries(fields)) {
        const input = document.createElement('input')
        input.type = 'hidden'
        input.name = name
        input.value = value
        element.append(input)
      }
      const file = document.createElement('input')
      file.type = 'file'
      file.name = 'file'
      element.append(file)
      document.body.append(element)
    }, form)
    const file = { name: 'übung 日本.png', mimeType: 'image/png', buffer: bytes }
    await page.setInputFiles('input[type=file]', file)
    await page.evaluate(() => document.forms[0]?.submit())
    await page.waitForURL(`${done}**`)
    const result = new URL(page.url()).searchParams
    assert.equal(result.get('bucket'), 'acme')
    assert.equal(result.get('key'), 'form/übung 日本.png')
    assert.match(result.get('etag') ?? '', /^"[0-9a-f]{32}"$/)
    assert.equal(await digestOf(server, 'form/übung 日本.png'), digest(bytes))
  })
})

test('its script uploads with a form, and reads what became of it', { skip }, async () => {
  await withPages(async ({ server, page, stranger }) => {
    const form = await askForForm(server, { path: 'acme/script.txt', maxBytes: 5 })
    async function sendIn(from: typeof page, text: string): Promise<readonly [number, string]> {
      return from.evaluate(
        async ([{ url, fields }, content]) => {
          const body = new FormData()
          for (const [name, value] of Object.entries(fields)) body.append(name, value)
          body.append('file', new Blob([content]), 'a.txt')
          try {
            const answer = await fetch(url, { method: 'POST', body })
            const text = answer.headers.get('etag') ?? (await answer.text())
            return [answer.status, text] as const
          } catch (error) {
            return [0, String(error)] as const
          }
        },
        [form, text] as const,
      )
    }
    const [status, refusal] = await sendIn(page, 'too large')
    assert.equal(status, 400)
    assert.match(refusal, /<Code>EntityTooLarge</)
    assert.deepEqual(await sendIn(page, 'hello'), [204, '"5d41402abc4b2a76b9719d911017c592"'])
    assert.equal((await sendIn(stranger, 'hello'))[0], 0)
  })
})

test('a PUT of a script tells how far it is', { skip }, async () => {
  await withPages(async ({ server, page }) => {
    const url = presign(server, 'PUT', 'acme/progress.bin')
    const seen = await page.evaluate((target) => {
      const done = Promise.withResolvers<{ status: number; loaded: number[]; total: number }>()
      const loaded: number[] = []
      let total = 0
      const request = new XMLHttpRequest()
      request.upload.addEventListener('progress', (event) => {
        loaded.push(event.loaded)
        total = event.total
      })
      request.addEventListener('load', () =>
        done.resolve({ status: request.status, loaded, total }),
      )
      request.addEventListener('error', () => done.reject(new Error('the upload failed')))
      request.open('PUT', target)
      request.send(new Uint8Array(3_000_000))
      return done.promise
    }, url)
    assert.equal(seen.status, 200)
    assert.equal(seen.total, 3_000_000)
    assert.equal(seen.loaded.at(-1), 3_000_000)
    assert.equal(await digestOf(server, 'progress.bin'), digest(new Uint8Array(3_000_000)))
    const stored = await fetchIn(page, presign(server, 'HEAD', 'acme/progress.bin'), {
      method: 'HEAD',
    })
    assert.equal(stored.headers['content-length'], '3000000')
  })
})
