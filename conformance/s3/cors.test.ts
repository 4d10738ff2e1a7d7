/**
 * Signed URLs in scripts of a page of another origin, in a real browser: what an upload form needs, and that a refusal
 * is seen as one and not as a broken network.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertRefused } from '../lib/assert-refused.ts'
import { skip } from '../lib/browser-of-process.ts'
import { fetchIn, withPages } from '../lib/browser-pages.ts'
import { presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { OWN_LIMITS } from '../lib/many-nodes.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'

test(
  'a page of an allowed origin uploads with a content type, and reads the ETag',
  { skip },
  async () => {
    await withPages(async ({ server, page }) => {
      const type = { 'content-type': 'image/png' }
      const url = presign(server, 'PUT', 'acme/photo.png', { headers: type })
      const upload = { method: 'PUT', headers: type, body: 'pixels' }
      const put = await fetchIn(page, url, upload)
      assert.equal(put.status, 200, put.text)
      const stored = await fetch(presign(server, 'GET', 'acme/photo.png'))
      assert.equal(await stored.text(), 'pixels')
      assert.equal(stored.headers.get('content-type'), 'image/png')
      assert.equal(put.headers['etag'], stored.headers.get('etag'))
      assert.match(put.headers['x-amz-request-id'] ?? '', /./)
      const metadata = { ...upload.headers, 'x-amz-meta-sent-by': 'page' }
      const signed = presign(server, 'PUT', 'acme/photo.png', { headers: metadata })
      const again = await fetchIn(page, signed, { ...upload, headers: metadata })
      assert.equal(again.status, 200, again.text)
      const removed = await fetchIn(page, presign(server, 'PUT', 'acme/photo.png'), {
        method: 'DELETE',
      })
      assert.equal(removed.status, 403)
      assert.equal(removed.headers['x-amz-error-code'], 'SignatureDoesNotMatch')
    })
  },
)

test('it reads a file, parts of it, and its headers', { skip }, async () => {
  await withPages(async ({ server, page }) => {
    await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'hello')
    const url = presign(server, 'GET', 'acme/a.txt')
    const whole = await fetchIn(page, url)
    assert.equal(whole.status, 200)
    assert.equal(whole.text, 'hello')
    assert.equal(whole.headers['content-disposition'], 'attachment; filename="a.txt"')
    const part = await fetchIn(page, url, { headers: { range: 'bytes=1-2' } })
    assert.equal(part.status, 206)
    assert.equal(part.text, 'el')
    assert.equal(part.headers['content-range'], 'bytes 1-2/5')
    const head = await fetchIn(page, presign(server, 'HEAD', 'acme/a.txt'), { method: 'HEAD' })
    assert.equal(head.headers['accept-ranges'], 'bytes')
  })
})

test('it sees why a request was refused, also where there is no body', { skip }, async () => {
  await withPages(async ({ server, page }) => {
    await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'hello')
    const now = new Date(server.core.clock.now() - 3_600_000)
    const expired = await fetchIn(page, presign(server, 'GET', 'acme/a.txt', { now }))
    assert.equal(expired.status, 403)
    assert.equal(expired.headers['x-amz-error-code'], 'AccessDenied')
    assert.match(expired.text, /<Message>Request has expired<\/Message>/)
    const late = await fetchIn(page, presign(server, 'PUT', 'acme/b', { now }), {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: 'late',
    })
    assert.equal(late.status, 403)
    assert.equal(late.headers['x-amz-error-code'], 'AccessDenied')
    const missing = presign(server, 'HEAD', 'acme/none')
    const head = await fetchIn(page, missing, { method: 'HEAD' })
    assert.equal(head.status, 404)
    assert.equal(head.headers['x-amz-error-code'], 'NoSuchKey')
  })
})

test(
  'a page of any other origin sees nothing, and its upload is never sent',
  { skip },
  async () => {
    await withPages(async ({ server, stranger }) => {
      await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'hello')
      const read = await fetchIn(stranger, presign(server, 'GET', 'acme/a.txt'))
      assert.equal(read.status, 0)
      assert.match(read.text, /Failed to fetch/)
      const put = presign(server, 'PUT', 'acme/a.txt')
      const written = await fetchIn(stranger, put, { method: 'PUT', body: 'changed' })
      assert.equal(written.status, 0)
      const stored = await fetch(presign(server, 'GET', 'acme/a.txt'))
      assert.equal(await stored.text(), 'hello')
    })
  },
)

test('the REST API answers no page of another origin, allowed or not', { skip }, async () => {
  await withPages(async ({ server, page }) => {
    const headers = { authorization: `Bearer ${server.adminKey}` }
    const files = `${server.origin}/v1/files?folder=acme`
    assert.equal((await fetch(files, { headers })).status, 200)
    assert.equal((await fetchIn(page, files, { headers })).status, 0)
    assert.equal((await fetchIn(page, files)).status, 0)
  })
})

const APP = 'https://app.example.com'

test('no spelling of an origin gets a header in, and nothing is allowed with credentials', async () => {
  const server = await startServer({ corsOrigins: [APP] })
  try {
    const spellings = ['null', `${APP}.evil.test`, `${APP}/`, `${APP}, ${APP}`, `${APP}\tx`, '*']
    for (const origin of spellings) {
      const send = () =>
        sendRaw(server.port, {
          method: 'OPTIONS',
          target: '/acme/a.txt',
          headers: [
            ['Origin', origin],
            ['Access-Control-Request-Method', 'PUT'],
            ['Access-Control-Request-Headers', 'content-type'],
          ],
        })
      const refusal = { status: 403, code: 'AccessForbidden' }
      const answer = await assertRefused(server, { name: origin, send }, refusal)
      assert.doesNotMatch(answer.text, /access-control-/i, origin)
    }
    const allowed = await sendRaw(server.port, {
      method: 'OPTIONS',
      target: '/acme/a.txt',
      headers: [
        ['Origin', APP],
        ['Access-Control-Request-Method', 'PUT'],
        ['Access-Control-Request-Headers', 'x-a, <b>, x-c: d, x-\u00e9'],
      ],
    })
    assert.equal(allowed.status, 204)
    assert.deepEqual(allowed.headers.get('access-control-allow-headers'), ['x-a'])
    assert.doesNotMatch(allowed.text, /allow-credentials/i)
  } finally {
    await server.stop()
  }
})

test('a preflight that names no origin, or a method that no rule can allow, is told which', async () => {
  const server = await startServer({ corsOrigins: [APP] })
  try {
    for (const [headers, message] of [
      [{}, 'Insufficient information. Origin request header needed.'],
      [{ origin: '' }, 'Insufficient information. Origin request header needed.'],
      [{ origin: 'https://a.test' }, 'Invalid Access-Control-Request-Method: null'],
      [
        { origin: 'https://a.test', 'access-control-request-method': 'PATCH' },
        'Invalid Access-Control-Request-Method: PATCH',
      ],
    ] as const) {
      const answer = await fetch(`${server.origin}/acme/a`, { method: 'OPTIONS', headers })
      assert.equal(answer.status, 400)
      assert.match(await answer.text(), new RegExp(`<Code>BadRequest</Code><Message>${message}<`))
    }
  } finally {
    await server.stop()
  }
})

test(
  'an upload that stalls is told so in a way that a page can read',
  { skip: OWN_LIMITS },
  async () => {
    const limits = { slowBodyWindowMs: 100, checkIntervalMs: 20 }
    const server = await startServer({ corsOrigins: [APP], limits })
    try {
      await makeBucket(server, 'acme')
      const answer = await sendRaw(server.port, {
        method: 'PUT',
        target: targetOf(presign(server, 'PUT', 'acme/slow')),
        headers: [
          ['Origin', APP],
          ['Content-Length', '9'],
        ],
        body: '12',
      })
      assert.equal(answer.status, 408)
      assert.deepEqual(answer.headers.get('access-control-allow-origin'), [APP])
      assert.deepEqual(answer.headers.get('x-amz-error-code'), ['RequestTimeout'])
    } finally {
      await server.stop()
    }
  },
)
