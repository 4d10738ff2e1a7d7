import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { writeFile } from '../../../src/core/files/write-file.ts'
import { createLog } from '../../../src/platform/log.ts'
import { admin, allow, issue, put, streamOf, writeRequest } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { withS3 } from './support.ts'

async function usesOf(core: TestCore, id: string): Promise<number> {
  return (await core.catalog.grants.find(id))?.uses ?? -1
}

/** Until what is written behind the answer has been written. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 2))
}

async function untilDone(core: TestCore, id: string): Promise<void> {
  await until(async () => {
    const grant = await core.catalog.grants.find(id)
    return grant?.uses === 1 && grant.reading === null
  })
}

const PREVIEWS: readonly Readonly<Record<string, string>>[] = [
  { 'sec-purpose': 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { purpose: 'prefetch' },
  { 'x-purpose': 'preview' },
  { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
  { 'user-agent': 'WhatsApp/2.23.20.0 A' },
  { 'user-agent': 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)' },
  { 'user-agent': 'Twitterbot/1.0' },
  { 'user-agent': 'TelegramBot (like TwitterBot)' },
  { 'user-agent': 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)' },
  {
    'user-agent':
      'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  },
  { 'user-agent': 'Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5' },
  { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
]

test('a preview of a link with a number of uses gets one sentence, no byte, and uses nothing', async () => {
  let logged = ''
  const log = createLog('info', { write: (line) => void (logged += line) })
  await withS3(
    async ({ core }) => {
      await put(core, 'a.txt', 'the secret')
      const { id, url } = await issue(core, 'a.txt', { method: 'GET', maxUses: 1 })
      for (const method of ['GET', 'HEAD']) {
        for (const headers of PREVIEWS) {
          logged = ''
          const answer = await fetch(url, { method, headers: { accept: 'text/html', ...headers } })
          assert.equal(answer.status, 403, JSON.stringify(headers))
          assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
          assert.equal(answer.headers.get('etag'), null)
          const text = await answer.text()
          assert.ok(text.length < 200 && !text.includes('secret'))
          assert.match(logged, /"code":"link-preview-refused".*"preview":true/)
        }
      }
      assert.equal(await usesOf(core, id), 0)
      assert.equal(await (await fetch(url)).text(), 'the secret')
    },
    { core: { log } },
  )
})

test('a link without a number of uses shows previews: there is nothing to lose', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', 'hello')
    const { url } = await issue(core, 'a.txt', { method: 'GET' })
    for (const headers of PREVIEWS) assert.equal((await fetch(url, { headers })).status, 200)
  })
})

test('once one whole answer was delivered, nothing of the file is left for the same address', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', 'the whole secret')
    const { id, url } = await issue(core, 'a.txt', { method: 'GET', maxUses: 1 })
    assert.equal(await (await fetch(url)).text(), 'the whole secret')
    await untilDone(core, id)
    for (const range of ['bytes=1-', 'bytes=0-', 'bytes=5-6', 'bytes=-1']) {
      const answer = await fetch(url, { headers: { range } })
      assert.equal(answer.status, 410, range)
      assert.doesNotMatch(await answer.text(), /secret/)
    }
    assert.equal((await fetch(url, { method: 'HEAD' })).status, 410)
  })
})

const LARGE: Uint8Array = Buffer.alloc(16 * 1024 * 1024, 'x')

async function putLarge(core: TestCore): Promise<void> {
  await writeFile(core, await allow(core, admin, 'write', 'large.bin'), writeRequest(), {
    body: streamOf(LARGE),
    signal: new AbortController().signal,
  })
}

/** Reads the beginning of an answer and leaves. */
async function breakOff(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asking = request(url, { headers, agent: false }, resolve)
  asking.on('error', reject)
  asking.end()
  const answer = await promise
  answer.on('error', () => undefined)
  await new Promise((read) => answer.once('data', read))
  asking.destroy()
  return answer.statusCode ?? 0
}

test('a download that broke off goes on, or starts again, as the same use, until it is whole', async () => {
  await withS3(async ({ core }) => {
    await putLarge(core)
    const { id, url } = await issue(core, 'large.bin', { method: 'GET', maxUses: 1 })
    const untilBroken = (): Promise<void> =>
      until(async () => (await core.catalog.grants.find(id))?.reading?.answer === null)
    assert.equal(await breakOff(url), 200)
    await untilBroken()
    assert.equal(await breakOff(url), 200, 'from the beginning')
    await untilBroken()
    assert.equal(await breakOff(url, { range: 'bytes=1000-' }), 206, 'further on')
    await untilBroken()
    const rest = await fetch(url, { headers: { range: 'bytes=2000-' } })
    assert.equal(rest.status, 206)
    assert.equal((await rest.arrayBuffer()).byteLength, LARGE.length - 2000)
    await untilDone(core, id)
    assert.equal(await usesOf(core, id), 1)
    assert.equal((await fetch(url)).status, 410)
    assert.equal((await fetch(url, { headers: { range: 'bytes=2000-' } })).status, 410)
  })
})

test('a refused range and a look at the headers use nothing', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', '0123456789')
    const { id, url } = await issue(core, 'a.txt', { method: 'GET', maxUses: 1 })
    const head = await fetch(url, { method: 'HEAD' })
    const etag = head.headers.get('etag') ?? ''
    assert.equal(
      (await fetch(url, { method: 'HEAD', headers: { 'if-none-match': etag } })).status,
      200,
    )
    assert.equal((await fetch(url, { headers: { range: 'bytes=99-' } })).status, 416)
    assert.equal(await usesOf(core, id), 0)
    assert.equal((await fetch(url)).status, 200)
  })
})

test('a link with a number of uses leaves nothing in a cache and never says that nothing has changed', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', '0123456789', { headers: { cacheControl: 'public, max-age=900' } })
    const { url } = await issue(core, 'a.txt', { method: 'GET', maxUses: 2 })
    const first = await fetch(url)
    assert.equal(await first.text(), '0123456789')
    assert.equal(first.headers.get('cache-control'), 'private, no-store')
    const validators = {
      'if-none-match': first.headers.get('etag') ?? '',
      'if-modified-since': first.headers.get('last-modified') ?? '',
    }
    const second = await fetch(url, { headers: validators })
    assert.equal(second.status, 200)
    assert.equal(await second.text(), '0123456789')
    assert.equal((await fetch(url, { headers: validators })).status, 410)
  })
})

test('of a link that was ended nobody hears that the file has not changed', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', '0123456789')
    const { id, url } = await issue(core, 'a.txt', { method: 'GET' })
    const headers = { 'if-none-match': (await fetch(url)).headers.get('etag') ?? '' }
    assert.equal((await fetch(url, { headers })).status, 304)
    await core.catalog.grants.revoke(id, { nowMs: core.clock.now(), stub: null }, null)
    assert.equal((await fetch(url, { headers })).status, 403)
  })
})

test('what was sent by a link is counted, also where its uses are not', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', '0123456789')
    const { id, url } = await issue(core, 'a.txt', { method: 'GET' })
    await (await fetch(url)).text()
    await (await fetch(url)).text()
    await until(async () => {
      await core.uses.flush()
      return (await core.catalog.grants.find(id))?.bytes === 20
    })
    const grant = await core.catalog.grants.find(id)
    assert.equal(grant?.uses, 2)
    assert.equal(grant?.lastUsedIp, '127.0.0.1')
    assert.equal(grant?.lastUsedAt, core.clock.now())
  })
})
