/** What a link may do, for how long, how often, from where, and how it ends early. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { exchangeBytes, targetOf } from '../lib/raw-http.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from './call.ts'

test('one link is revoked and its twin lives on', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const [doomed, twin] = [
      await issue(server, { path: 'acme/a.txt' }),
      await issue(server, { path: 'acme/a.txt' }),
    ]
    await call(server, 'DELETE', `/v1/links/${doomed.id}`)
    assert.deepEqual([await statusOf(doomed.url), await statusOf(twin.url)], [403, 200])
  })
})

test(
  'everything issued before now ends by file, folder, key or instance; what comes after works',
  { skip: MOVES_CLOCK },
  async () => {
    const revocations: ((server: RunningServer, keyId: string) => object)[] = [
      () => ({ file: 'acme/in/a.txt' }),
      () => ({ folder: 'acme/in' }),
      (_server, key) => ({ key }),
      () => ({ all: true }),
    ]
    for (const revocation of revocations) {
      await withServer(async (server) => {
        await upload(server, 'acme/in/a.txt', 'x')
        await upload(server, 'acme/inside/b.txt', 'x')
        const before = await issue(server, { path: 'acme/in/a.txt' })
        const sibling = await issue(server, { path: 'acme/inside/b.txt' })
        const keyId = /X-Amz-Credential=([^%]+)/.exec(before.url)?.[1] ?? ''
        // Signing times have whole seconds; a second later nothing is ambiguous.
        server.advanceClock(1000)
        const json = revocation(server, keyId)
        const revoked = await call(server, 'POST', '/v1/revocations', { json })
        assert.equal(revoked.status, 201, JSON.stringify(json))
        assert.equal(await statusOf(before.url), 403, JSON.stringify(json))
        const reachesSibling = 'key' in json || 'all' in json
        assert.equal(await statusOf(sibling.url), reachesSibling ? 403 : 200, JSON.stringify(json))
        const after = await issue(server, { path: 'acme/in/a.txt' })
        assert.equal(await statusOf(after.url), 200, JSON.stringify(json))
      })
    }
  },
)

test('of 64 at once exactly one uses a link for one download; HEAD and 416 use nothing', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const { id, url } = await issue(server, { path: 'acme/a.txt', maxUses: 1 })
    assert.equal(await statusOf(url, { method: 'HEAD' }), 200)
    assert.equal(await statusOf(url, { headers: { range: 'bytes=9-' } }), 416)
    assert.equal((await call(server, 'GET', `/v1/links/${id}`)).json['uses'], 0)
    const statuses = await Promise.all(Array.from({ length: 64 }, () => statusOf(url)))
    assert.equal(statuses.filter((status) => status === 200).length, 1)
    assert.equal(statuses.filter((status) => status === 410).length, 63)
    assert.equal((await call(server, 'GET', `/v1/links/${id}`)).json['uses'], 1)
  })
})

test('of requests that are sent one behind the other one uses the link, as its answer ends the connection', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const { id, url } = await issue(server, { path: 'acme/a.txt', maxUses: 500 })
    const request = `GET ${targetOf(url)} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`
    const answers = await exchangeBytes(server.port, Buffer.from(request.repeat(32)))
    assert.equal(answers.toString('latin1').match(/^HTTP\/1\.1 200 /gm)?.length, 1)
    assert.equal((await call(server, 'GET', `/v1/links/${id}`)).json['uses'], 1)
  })
})

test('a link bound to a network works from there only, and the binding cannot be taken off', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const here = await issue(server, { path: 'acme/a.txt', ip: ['127.0.0.0/8', '::1'] })
    assert.equal(await statusOf(here.url), 200)
    const elsewhere = await issue(server, { path: 'acme/a.txt', ip: '203.0.113.0/24' })
    assert.equal(await statusOf(elsewhere.url), 403)
    const headers = { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5' }
    assert.equal(await statusOf(elsewhere.url, { headers }), 403)
    assert.equal(await statusOf(elsewhere.url.replace(/X-Hallpass-Ip=[^&]+&/, '')), 403)
  })
})

test('an upload link takes what was agreed and nothing else', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/exists.txt', 'x')
    const { url, headers } = await issue(server, {
      path: 'acme/in/photo',
      method: 'PUT',
      contentTypes: ['image/*'],
      maxBytes: 10,
    })
    assert.deepEqual(headers, {})
    const put = (body: string, type: string): Promise<number> =>
      statusOf(url, { method: 'PUT', body, headers: { 'content-type': type } })
    assert.ok((await put('x', 'text/html')) >= 400)
    assert.equal(await put('x'.repeat(11), 'image/png'), 400)
    assert.equal(await statusOf(url), 403)
    assert.equal(await put('x'.repeat(10), 'image/png'), 200)
    const listed = await call(server, 'GET', '/v1/files?folder=acme/in')
    const [file] = listed.json['files'] as { contentType: string; size: number }[]
    assert.deepEqual([file?.contentType, file?.size], ['image/png', 10])
  })
})

test('links signed before a rotation go on, and new ones are signed by the new key', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'x')
    const before = await issue(server, { path: 'acme/a.txt' })
    const { json } = await call(server, 'POST', '/v1/signing-keys/rotate')
    const after = await issue(server, { path: 'acme/a.txt' })
    assert.ok(after.url.includes(String(json['id'])) && !before.url.includes(String(json['id'])))
    assert.deepEqual([await statusOf(before.url), await statusOf(after.url)], [200, 200])
  })
})

test('an S3 key pair made over REST signs for its folder only, and dies when it is revoked', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/team/a.txt', 'x')
    await upload(server, 'acme/team-2/b.txt', 'x')
    const { json } = await call(server, 'POST', '/v1/access-keys', {
      json: { name: 'team', actions: ['read'], pathPrefix: 'acme/team' },
    })
    const { S3Client, GetObjectCommand } = await import('@aws-sdk/client-s3')
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
    const client = new S3Client({
      region: server.region,
      endpoint: server.origin,
      forcePathStyle: true,
      credentials: {
        accessKeyId: String(json['id']),
        secretAccessKey: String(json['secretAccessKey']),
      },
    })
    const sign = (Key: string): Promise<string> =>
      getSignedUrl(client, new GetObjectCommand({ Bucket: 'acme', Key }), { expiresIn: 60 })
    const inside = await sign('team/a.txt')
    assert.deepEqual(
      [await statusOf(inside), await statusOf(await sign('team-2/b.txt'))],
      [200, 403],
    )
    await call(server, 'DELETE', `/v1/access-keys/${String(json['id'])}`)
    assert.equal(await statusOf(inside), 403)
    client.destroy()
  })
})
