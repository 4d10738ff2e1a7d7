/** Signed URLs, uploads and links through nginx and HAProxy as the manual configures them, and through an nginx that meddles. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { createAwsClient, presign } from '../lib/clients.ts'
import { NASTY_KEY_COUNT, nastyKeys } from '../lib/nasty-keys.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { issue, upload } from '../rest/call.ts'
import { startHaproxy, startNginx, startRewritingNginx } from './proxies.ts'
import type { ProxiedServer } from './with-proxy.ts'
import { withProxy } from './with-proxy.ts'

const BUCKET = 'nasty'
const PROXIES = { nginx: startNginx, haproxy: startHaproxy } as const
const UPLOAD_BYTES = 3_000_000

function contentOf(key: string): string {
  return `this is ${JSON.stringify(key)}`
}

async function fill(server: RunningServer): Promise<void> {
  await makeBucket(server, BUCKET)
  for (const key of nastyKeys()) await putFile(server, { bucket: BUCKET, key }, contentOf(key))
}

async function readAll({ server, front }: ProxiedServer): Promise<void> {
  await fill(server)
  let count = 0
  for (const key of nastyKeys()) {
    const target = targetOf(presign(front, 'GET', `${BUCKET}/${key}`))
    const answer = await sendRaw(front.port, { method: 'GET', target })
    assert.equal(answer.status, 200, `${JSON.stringify(key)}: ${answer.text}`)
    assert.equal(answer.body.toString(), contentOf(key))
    count += 1
  }
  assert.equal(count, NASTY_KEY_COUNT)
}

async function writeByClient({ server, front }: ProxiedServer): Promise<void> {
  await makeBucket(server, 'acme')
  const client = createAwsClient(front)
  const object = { Bucket: 'acme', Key: 'a b/c+d%.bin' }
  const bytes = randomBytes(UPLOAD_BYTES)
  const metadata = { my_name: 'with an underscore', other: 'x' }
  await client.send(new PutObjectCommand({ ...object, Body: bytes, Metadata: metadata }))
  const head = await client.send(new HeadObjectCommand(object))
  assert.deepEqual(head.Metadata, metadata)
  const { Body } = await client.send(new GetObjectCommand(object))
  assert.ok(bytes.equals((await Body?.transformToByteArray()) ?? new Uint8Array()))
  client.destroy()
  const sent = await fetch(presign(front, 'PUT', 'acme/presigned'), { method: 'PUT', body: bytes })
  assert.equal(sent.status, 200)
}

/** The proxy answers under two names here; only the one that was signed counts. */
async function refuseOtherHosts({ server, front }: ProxiedServer): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'x')
  const target = targetOf(presign(front, 'GET', 'acme/a.txt'))
  for (const [host, status] of [
    ['evil.test', 421],
    [`localhost:${front.port}`, 403],
    [`127.0.0.1:${server.port}`, 403],
  ] as const) {
    const headers = [
      ['Host', host],
      ['X-Forwarded-Host', `127.0.0.1:${front.port}`],
    ] as const
    const answer = await sendRaw(front.port, { method: 'GET', target, headers })
    assert.equal(answer.status, status, host)
  }
}

async function openLink({ front }: ProxiedServer): Promise<void> {
  await upload(front, 'acme/a b.txt', 'shared')
  const { url } = await issue(front, { path: 'acme/a b.txt' })
  assert.ok(url.startsWith(`${front.origin}/`), url)
  const response = await fetch(url)
  assert.equal(response.status, 200)
  assert.equal(await response.text(), 'shared')
}

for (const [name, start] of Object.entries(PROXIES)) {
  describe(`behind ${name}`, () => {
    test('signed URLs read 200 nasty keys', (context) => withProxy(context, start, readAll))
    test('the AWS SDK writes and reads', (context) => withProxy(context, start, writeByClient))
    test('another host than the signed one is refused', (context) =>
      withProxy(context, start, refuseOtherHosts))
    test('a link is made with the public URL and opens', (context) =>
      withProxy(context, start, openLink))
  })
}

test('an nginx that rewrites paths gets refusals, and never another object', async (context) => {
  await withProxy(context, startRewritingNginx, async ({ server, front }) => {
    await fill(server)
    const statuses = new Map<number, number>()
    for (const key of nastyKeys()) {
      const target = targetOf(presign(front, 'GET', `${BUCKET}/${key}`))
      const answer = await sendRaw(front.port, { method: 'GET', target })
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer.status === 200) assert.equal(answer.body.toString(), contentOf(key))
      else assert.ok([400, 403].includes(answer.status), `${JSON.stringify(key)}: ${answer.text}`)
    }
    // Some keys are changed on the way, and plain ones are not.
    assert.ok((statuses.get(403) ?? 0) > 0)
    assert.ok((statuses.get(200) ?? 0) > 0)
  })
})
