/** The main job, end to end: a private file goes in, a signed URL comes out, and nothing else opens it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from './call.ts'

test('a form upload comes back through its signed URL, byte for byte and under its name', async () => {
  await withServer(async (server) => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
    const form = new FormData()
    form.append('folder', 'acme/reports')
    form.append('file', new Blob([bytes], { type: 'application/pdf' }), 'Übersicht (1) + 100%.pdf')
    const { status, json } = await call(server, 'POST', '/v1/files', { body: form })
    assert.equal(status, 201)
    const response = await fetch(String(json['signedUrl']))
    assert.equal(response.status, 200)
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes)
    assert.equal(response.headers.get('content-type'), 'application/pdf')
    assert.equal(response.headers.get('etag'), `"${String(json['etag'])}"`)
    assert.match(String(response.headers.get('cache-control')), /private/)
    assert.match(
      String(response.headers.get('content-disposition')),
      /^attachment; .*filename\*=UTF-8''%C3%9Cbersicht%20%281%29%20%2B%20100%25\.pdf/,
    )
  })
})

test(
  'GET /v1/files/FILE_ID with the bare key answers a signedUrl that works for its stated life',
  { skip: MOVES_CLOCK },
  async () => {
    await withServer(async (server) => {
      const { id } = await upload(server, 'acme/a.txt', 'x')
      const { json } = await call(server, 'GET', `/v1/files/${String(id)}`)
      const url = String(json['signedUrl'])
      const life = Date.parse(String(json['expiresAt'])) - server.core.clock.now()
      // Signatures know whole seconds: the life is rounded up to one.
      assert.ok(life > 298_000 && life <= 301_000, `${life}`)
      server.advanceClock(297_000)
      assert.equal(await statusOf(url), 200)
      server.advanceClock(5_000)
      assert.equal(await statusOf(url), 403)
    })
  },
)

test('the redirect to the content leads to the bytes without any key', async () => {
  await withServer(async (server) => {
    const { id } = await upload(server, 'acme/a.txt', 'the bytes')
    const answer = await call(server, 'GET', `/v1/files/${String(id)}/content`)
    assert.equal(answer.status, 302)
    const response = await fetch(String(answer.headers.get('location')))
    assert.equal(await response.text(), 'the bytes')
  })
})

test('visibility takes effect at once, in both directions, and a subfolder may differ', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/pub/a.txt', 'x')
    await upload(server, 'acme/pub/secret/b.txt', 'x')
    const a = `${server.origin}/acme/pub/a.txt`
    const b = `${server.origin}/acme/pub/secret/b.txt`
    assert.deepEqual([await statusOf(a), await statusOf(b)], [403, 403])
    await call(server, 'PUT', '/v1/folders/acme/pub', { json: { visibility: 'public' } })
    assert.deepEqual([await statusOf(a), await statusOf(b)], [200, 200])
    await call(server, 'PUT', '/v1/folders/acme/pub/secret', { json: { visibility: 'private' } })
    assert.deepEqual([await statusOf(a), await statusOf(b)], [200, 403])
    const folder = await call(server, 'GET', '/v1/folders/acme/pub/secret/deeper')
    assert.equal(folder.json['inheritedFrom'], 'acme/pub/secret/')
    await call(server, 'DELETE', '/v1/folders/acme/pub')
    assert.deepEqual([await statusOf(a), await statusOf(b)], [403, 403])
  })
})

test('moving or deleting a file ends its links', async () => {
  await withServer(async (server) => {
    const { id } = await upload(server, 'acme/a.txt', 'x')
    const first = await issue(server, { path: 'acme/a.txt' })
    await call(server, 'PATCH', `/v1/files/${String(id)}`, { json: { path: 'acme/b.txt' } })
    assert.equal(await statusOf(first.url), 403)
    const second = await issue(server, { fileId: id })
    assert.equal(await statusOf(second.url), 200)
    await call(server, 'DELETE', `/v1/files/${String(id)}`)
    assert.equal(await statusOf(second.url), 403)
  })
})

test('a folder lowers the life of every link below it', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/short/a.txt', 'x')
    await call(server, 'PUT', '/v1/folders/acme/short', {
      json: { policy: { maxDownloadSeconds: 60 } },
    })
    const refused = await call(server, 'POST', '/v1/links', {
      json: { path: 'acme/short/a.txt', expiresIn: 61 },
    })
    assert.equal(refused.json['code'], 'expiry-too-long')
    const { json } = await call(server, 'GET', '/v1/files?folder=acme/short')
    const [file] = json['files'] as { signedUrl: string }[]
    assert.match(String(file?.signedUrl), /X-Amz-Expires=60&/)
  })
})
