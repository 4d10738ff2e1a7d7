/** Bodies that are hashed beside the event loop, by every way in: what is right is stored with its digests, what is wrong is not. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import {
  CHECKSUM_ALGORITHMS,
  digestOf,
  loadChecksums,
} from '../../packages/server/src/core/files/checksums.ts'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { formatPlainChunks } from '../lib/chunked.ts'
import { createAwsClient, presign } from '../lib/clients.ts'
import { signHeaders } from '../lib/hand-signer.ts'
import { waitUntil } from '../lib/patience.ts'
import { makeBucket } from '../lib/put-files.ts'
import { sendRaw } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const MIB = 1024 * 1024
const LARGE = sample(20 * MIB)
const BODY = sample(MIB + 1)
const WRONG = sample(16)
let server: RunningServer

before(async () => {
  await loadChecksums(CHECKSUM_ALGORITHMS)
  server = await startServer()
  await makeBucket(server, 'acme')
})

after(() => server.stop())

function sample(size: number): Buffer<ArrayBuffer> {
  return Buffer.alloc(size, 'of no length that divides a piece, ')
}

interface Sent {
  readonly method?: 'PUT' | 'POST' | 'GET'
  readonly key?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer> | string
}

async function send(sent: Sent): Promise<{ readonly status: number; readonly text: string }> {
  const { method = 'PUT', key = 'a', headers = {}, query = {}, body = null } = sent
  const url = presign(server, method, `acme/${key}`, { headers, query })
  const answer = await fetch(url, { method, headers, body })
  return { status: answer.status, text: await answer.text() }
}

async function assertStored(key: string, bytes: Uint8Array): Promise<void> {
  const answer = await fetch(presign(server, 'GET', `acme/${key}`))
  assert.equal(answer.status, 200, key)
  const got = new Uint8Array(await answer.arrayBuffer())
  assert.equal(hash('sha256', got), hash('sha256', bytes), key)
}

async function assertNotStored(key: string): Promise<void> {
  assert.equal(await server.core.files.find({ bucket: 'acme', key }), null, key)
}

test('the MD5 of a large body is compared, and is its ETag', async () => {
  const md5 = (bytes: Uint8Array) => ({ 'content-md5': hash('md5', bytes, 'base64') })
  const wrong = await send({ key: 'md5', headers: md5(WRONG), body: BODY })
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /BadDigest/)
  await assertNotStored('md5')
  const right = await send({ key: 'md5', headers: md5(LARGE), body: LARGE })
  assert.equal(right.status, 200, right.text)
  await assertStored('md5', LARGE)
  const file = await server.core.files.find({ bucket: 'acme', key: 'md5' })
  assert.equal(file?.etag, hash('md5', LARGE))
})

test('every checksum of a large body is compared, and kept', async () => {
  for (const name of CHECKSUM_ALGORITHMS) {
    const key = `by-${name}`
    const header = (bytes: Uint8Array) => ({
      [`x-amz-checksum-${name}`]: Buffer.from(digestOf(name, bytes)).toString('base64'),
    })
    const wrong = await send({ key, headers: header(WRONG), body: BODY })
    assert.equal(wrong.status, 400, name)
    await assertNotStored(key)
    const right = await send({ key, headers: header(BODY), body: BODY })
    assert.equal(right.status, 200, `${name}: ${right.text}`)
    const file = await server.core.files.find({ bucket: 'acme', key })
    const kept = file?.checksums.find(({ algorithm }) => algorithm === name)
    assert.equal(kept?.value, header(BODY)[`x-amz-checksum-${name}`])
  }
})

test('parts are compared with their checksum, and have an ETag', async () => {
  const begun = await send({ method: 'POST', key: 'parts', query: { uploads: '' } })
  const uploadId = /<UploadId>([^<]+)</.exec(begun.text)?.[1] ?? ''
  const parts = [LARGE.subarray(0, 6 * MIB), BODY]
  const place = (partNumber: number) => ({ partNumber: String(partNumber), uploadId })
  const headers = { 'x-amz-checksum-sha256': hash('sha256', WRONG, 'base64') }
  const wrong = await send({ key: 'parts', query: place(1), headers, body: BODY })
  assert.equal(wrong.status, 400)
  for (const [at, body] of parts.entries()) {
    const sent = await send({ key: 'parts', query: place(at + 1), body: Uint8Array.from(body) })
    assert.equal(sent.status, 200, sent.text)
  }
  const listed = parts.map(
    (part, at) =>
      `<Part><PartNumber>${at + 1}</PartNumber><ETag>${hash('md5', part)}</ETag></Part>`,
  )
  const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`
  const done = await send({ method: 'POST', key: 'parts', query: { uploadId }, body })
  assert.match(done.text, /<CompleteMultipartUploadResult/)
  await assertStored('parts', Buffer.concat(parts))
})

test('a checksum in the trailer of a large body is compared', async () => {
  for (const [named, status] of [
    [WRONG, 400],
    [BODY, 200],
  ] as const) {
    const value = Buffer.from(digestOf('crc64nvme', named)).toString('base64')
    const { target, headers } = signHeaders(server, {
      method: 'PUT',
      path: '/acme/trailer',
      headers: [
        ['x-amz-decoded-content-length', String(BODY.length)],
        ['x-amz-trailer', 'x-amz-checksum-crc64nvme'],
      ],
      payload: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    })
    const chunks = [BODY.subarray(0, 100_000), BODY.subarray(100_000)]
    const body = formatPlainChunks(chunks, ['x-amz-checksum-crc64nvme', value])
    const answer = await sendRaw(server.port, { method: 'PUT', target, headers, body })
    assert.equal(answer.status, status)
    if (status === 400) await assertNotStored('trailer')
  }
  await assertStored('trailer', BODY)
})

test('a large file of a form is stored, and refused with another checksum than its own', async () => {
  const client = createAwsClient(server)
  try {
    for (const [named, status] of [
      [WRONG, 400],
      [BODY, 204],
    ] as const) {
      const fields = { 'x-amz-checksum-sha256': hash('sha256', named, 'base64') }
      const post = await createPresignedPost(client, {
        Bucket: 'acme',
        Key: 'form',
        Fields: fields,
      })
      const form = new FormData()
      for (const [field, value] of Object.entries(post.fields)) form.append(field, value)
      form.append('file', new Blob([BODY]), 'large.bin')
      const answer = await fetch(post.url, { method: 'POST', body: form })
      assert.equal(answer.status, status, await answer.text())
      if (status === 400) await assertNotStored('form')
    }
  } finally {
    client.destroy()
  }
  await assertStored('form', BODY)
})

test('a client that goes away in the middle leaves nothing, and the next one is served', async () => {
  const before = await server.listBytes()
  for (let round = 0; round < 5; round += 1) {
    const url = presign(server, 'PUT', 'acme/gone')
    const sending = request(url, { method: 'PUT', headers: { 'content-length': LARGE.length } })
    const gone = once(sending, 'error')
    sending.write(BODY, () => sending.destroy(new Error('gone')))
    await gone
  }
  await assertNotStored('gone')
  await waitUntil(async () => String(await server.listBytes()) === String(before))
  assert.equal((await send({ key: 'gone', body: BODY })).status, 200)
  await assertStored('gone', BODY)
})
