/**
 * Signed URLs in scripts of a page of another origin, in a real browser: what an upload form needs, and that a refusal
 * is seen as one and not as a broken network.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { assertRefused } from '../lib/assert-refused.ts'
import { presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const skip = existsSync(CHROMIUM) ? false : `there is no Chromium at ${CHROMIUM}`
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface Site {
  readonly origin: string
  readonly stop: () => Promise<void>
}

/** An empty page on a port, and thereby an origin, of its own. */
async function startSite(): Promise<Site> {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end('<!doctype html><title>upload</title>')
  })
  const listening = Promise.withResolvers<void>()
  site.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const { port } = site.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = Promise.withResolvers<void>()
      site.close(() => closed.resolve())
      site.closeAllConnections()
      await closed.promise
    },
  }
}

interface Setting {
  readonly server: RunningServer
  /** A page whose origin is allowed, and one whose origin is not. */
  readonly page: Page
  readonly stranger: Page
}

async function openPages(browser: Browser, sites: readonly Site[]): Promise<Page[]> {
  return Promise.all(
    sites.map(async ({ origin }) => {
      const page = await browser.newPage()
      await page.goto(origin)
      return page
    }),
  )
}

async function withPages(use: (setting: Setting) => Promise<void>): Promise<void> {
  const sites = [await startSite(), await startSite()]
  const server = await startServer({ corsOrigins: [sites[0]!.origin] })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  try {
    await makeBucket(server, 'acme')
    const [page, stranger] = await openPages(browser, sites)
    await use({ server, page: page!, stranger: stranger! })
  } finally {
    await browser.close()
    await server.stop()
    await Promise.all(sites.map(({ stop }) => stop()))
  }
}

interface Seen {
  /** 0 if the browser showed the script nothing but a failure. */
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** What a script of the page sees of an answer. */
function fetchIn(page: Page, url: string, sent: Sent = {}): Promise<Seen> {
  return page.evaluate(
    async ([url, sent]) => {
      try {
        const response = await fetch(url, sent)
        return {
          status: response.status,
          text: await response.text(),
          headers: Object.fromEntries(response.headers),
        }
      } catch (error) {
        return { status: 0, text: String(error), headers: {} }
      }
    },
    [url, sent] as const,
  )
}

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
    const spellings = [
      'null',
      `${APP}.evil.test`,
      `${APP}/`,
      `${APP}, ${APP}`,
      `${APP}\tx`,
      '*',
      '',
    ]
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

test('an upload that stalls is told so in a way that a page can read', async () => {
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
})
