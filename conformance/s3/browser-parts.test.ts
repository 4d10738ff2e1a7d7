/** An upload in parts by a page of another origin: a backend signs a URL for each part, the page alone has the bytes. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Page } from 'playwright-core'
import { skip } from '../lib/browser-of-process.ts'
import { withPages } from '../lib/browser-pages.ts'
import { createAwsClient, presign } from '../lib/clients.ts'

const MIB = 1024 * 1024
const PART_BYTES = [5 * MIB, 5 * MIB, 1]
const WHOLE: Uint8Array = Uint8Array.from({ length: 10 * MIB + 1 }, (_, index) => index % 251)
const TARGET = { Bucket: 'acme', Key: 'video é.mp4' }

interface SentPart {
  readonly status: number
  readonly etag: string | null
  /** What the page could show of its way. */
  readonly loaded: number
}

/** What an application's server does with its keys: it begins the upload and signs. */
async function signParts(client: S3Client): Promise<{ uploadId: string; urls: string[] }> {
  const { UploadId: uploadId = '' } = await client.send(new CreateMultipartUploadCommand(TARGET))
  const urls = await Promise.all(
    PART_BYTES.map((_, index) => {
      const part = { ...TARGET, UploadId: uploadId, PartNumber: index + 1 }
      return getSignedUrl(client, new UploadPartCommand(part), { expiresIn: 60 })
    }),
  )
  return { uploadId, urls }
}

/** All parts at once, as upload libraries do. */
function sendParts(page: Page, urls: readonly string[]): Promise<SentPart[]> {
  return page.evaluate(
    ([targets, sizes]) => {
      const whole = Uint8Array.from(
        { length: sizes.reduce((sum, size) => sum + size) },
        (_, index) => index % 251,
      )
      let start = 0
      const sent = sizes.map((size, index) => {
        const body = whole.slice(start, start + size)
        start += size
        const done = Promise.withResolvers<SentPart>()
        let loaded = 0
        const request = new XMLHttpRequest()
        request.upload.addEventListener('progress', (event) => {
          loaded = event.loaded
        })
        const settle = (): void => {
          const etag = request.status === 0 ? null : request.getResponseHeader('etag')
          done.resolve({ status: request.status, etag, loaded })
        }
        request.addEventListener('load', settle)
        request.addEventListener('error', settle)
        request.open('PUT', targets[index] ?? '')
        request.send(body)
        return done.promise
      })
      return Promise.all(sent)
    },
    [urls, PART_BYTES] as const,
  )
}

test('a page of another origin uploads three parts through signed URLs', { skip }, async () => {
  await withPages(async ({ server, page }) => {
    const client = createAwsClient(server)
    const { uploadId, urls } = await signParts(client)
    const sent = await sendParts(page, urls)
    assert.deepEqual(
      sent.map(({ status, loaded }) => [status, loaded]),
      PART_BYTES.map((size) => [200, size]),
    )
    const parts = sent.map(({ etag }, index) => {
      assert.ok(etag !== null, 'the page may read the ETag of each part')
      return { ETag: etag, PartNumber: index + 1 }
    })
    await client.send(
      new CompleteMultipartUploadCommand({
        ...TARGET,
        UploadId: uploadId,
        MultipartUpload: { Parts: parts },
      }),
    )
    client.destroy()
    const answer = await fetch(presign(server, 'GET', `acme/${TARGET.Key}`))
    const stored = new Uint8Array(await answer.arrayBuffer())
    assert.equal(stored.length, WHOLE.length)
    assert.equal(digest(stored), digest(WHOLE))
  })
})

test('a URL for a part is for that part of that upload alone', { skip }, async () => {
  await withPages(async ({ server, page, stranger }) => {
    const client = createAwsClient(server)
    const { urls } = await signParts(client)
    const other = urls.map((url) => url.replace('partNumber=1', 'partNumber=2'))
    const [changed] = await sendParts(page, other)
    assert.equal(changed?.status, 403)
    const seen = await sendParts(stranger, urls)
    assert.deepEqual(
      seen.map(({ status, etag }) => [status, etag]),
      PART_BYTES.map(() => [0, null]),
    )
    client.destroy()
  })
})

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
