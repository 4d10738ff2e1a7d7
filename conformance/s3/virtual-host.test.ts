/** Buckets named by the host, where a domain is configured: the style SDKs use unless told otherwise. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
import { assertRefused } from '../lib/assert-refused.ts'
import { presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawAnswer } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const DOMAIN = 'files.test'
let server: RunningServer

before(async () => {
  server = await startServer({ virtualHostDomain: DOMAIN })
  await makeBucket(server, 'acme')
  await makeBucket(server, 'other')
  await putFile(server, { bucket: 'acme', key: 'v1/files' }, 'in acme')
  await putFile(server, { bucket: 'other', key: 'v1/files' }, 'in other')
})

after(async () => {
  await server.stop()
})

interface Signed {
  readonly target: string
  readonly host: string
}

function sign(method: string, bucket: string, key: string): Signed {
  const { url } = presignS3({
    credentials: server.credentials,
    region: server.region,
    method,
    bucket,
    key,
    endpoint: `http://${DOMAIN}:${server.port}`,
    addressing: 'virtual',
    expiresInSeconds: 60,
    now: new Date(server.core.clock.now()),
  })
  return { target: targetOf(url), host: `${bucket}.${DOMAIN}:${server.port}` }
}

function send(method: string, target: string, host: string): Promise<RawAnswer> {
  const body = method === 'PUT' ? { body: 'written' } : {}
  return sendRaw(server.port, { method, target, headers: [['Host', host]], ...body })
}

test('the bucket comes from the host, and the whole path is the key', async () => {
  for (const bucket of ['acme', 'other']) {
    const { target, host } = sign('GET', bucket, 'v1/files')
    assert.ok(target.startsWith('/v1/files?'))
    const answer = await send('GET', target, host)
    assert.equal(answer.status, 200, answer.body.toString())
    assert.equal(answer.body.toString(), `in ${bucket}`)
  }
  const put = sign('PUT', 'acme', 'new')
  assert.equal((await send('PUT', put.target, put.host)).status, 200)
  const read = await fetch(presign(server, 'GET', 'acme/new'))
  assert.equal(await read.text(), 'written')
})

test('a signature for one host is none for another', async () => {
  const { target } = sign('GET', 'acme', 'v1/files')
  for (const host of [`other.${DOMAIN}:${server.port}`, `evil.test:${server.port}`]) {
    const answer = await send('GET', target, host)
    assert.notEqual(answer.status, 200, host)
    assert.doesNotMatch(answer.body.toString(), /in (acme|other)/)
  }
  await assertRefused(
    server,
    {
      name: 'another bucket',
      send: () => send('GET', target, `other.${DOMAIN}:${server.port}`),
    },
    { status: 403, code: 'SignatureDoesNotMatch' },
  )
})

test('a host that names no bucket is refused, and the domain itself stays path style', async () => {
  for (const host of [
    `a_b.${DOMAIN}`,
    `UPPER..x.${DOMAIN}`,
    `ab.${DOMAIN}`,
    `192.168.0.1.${DOMAIN}`,
  ]) {
    await assertRefused(
      server,
      { name: host, send: () => send('GET', '/key', host) },
      { status: 400, code: ['InvalidBucketName', 'InvalidURI'] },
    )
  }
  const health = await send('GET', '/-/healthz', DOMAIN)
  assert.equal(health.status, 200)
  const near = await send('GET', '/-/healthz', `not${DOMAIN}`)
  assert.equal(near.status, 200)
})
