/** Caches that nobody told anything, in front of the server: public files they keep, signed answers never. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { sendRaw, targetOf } from '../lib/raw-http.ts'
import type { RawAnswer } from '../lib/raw-http.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, upload } from '../rest/call.ts'
import { startCachingNginx, startVarnish } from './proxies.ts'
import type { ProxiedServer } from './with-proxy.ts'
import { withProxy } from './with-proxy.ts'

const CACHES = { varnish: startVarnish, 'the cache of nginx': startCachingNginx } as const
const LIFE_SECONDS = 2
const ASK_EVERY_MS = 100

function read(front: RunningServer, url: string, range?: string): Promise<RawAnswer> {
  const headers = range === undefined ? [] : ([['Range', range]] as const)
  return sendRaw(front.port, { method: 'GET', target: targetOf(url), headers })
}

/** How many requests for an object reached the server. */
function countArrivals(server: RunningServer, key: string): number {
  return server.logText().split(`"key":"${key}"`).length - 1
}

async function assertNotKept({ server, front }: ProxiedServer, key: string): Promise<void> {
  const url = presign(front, 'GET', `acme/${key}`)
  const before = countArrivals(server, key)
  for (let round = 1; round <= 3; round += 1) {
    const answer = await read(front, url)
    assert.equal(answer.status, 200)
    assert.match(String(answer.headers.get('cache-control')), /private/)
    assert.equal(countArrivals(server, key), before + round, 'the cache answered')
  }
}

async function keepNothingSigned(proxied: ProxiedServer): Promise<void> {
  const { server, front } = proxied
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'plain' }, 'x')
  const wishes = ['public, max-age=31536000', 's-maxage=900', 'max-age=900, immutable', 'no-cache']
  for (const [index, cacheControl] of wishes.entries()) {
    const key = `wish-${index}`
    const headers = { cacheControl, expires: 'Thu, 01 Jan 2099 00:00:00 GMT' }
    await putFile(server, { bucket: 'acme', key }, 'x', { headers })
    await assertNotKept(proxied, key)
  }
  await assertNotKept(proxied, 'plain')
  const override = presign(front, 'GET', 'acme/plain', {
    query: { 'response-cache-control': 'public, s-maxage=900' },
  })
  const before = countArrivals(server, 'plain')
  await read(front, override)
  await read(front, override)
  assert.equal(countArrivals(server, 'plain'), before + 2)
}

async function endInTime({ server, front }: ProxiedServer): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'short' }, 'x')
  const url = presign(front, 'GET', 'acme/short', { expiresInSeconds: LIFE_SECONDS })
  assert.equal((await read(front, url)).status, 200)
  const end = Date.now() + (LIFE_SECONDS + 1) * 1000
  while (Date.now() <= end) {
    await read(front, url)
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  for (const range of [undefined, 'bytes=0-0']) {
    assert.equal((await read(front, url, range)).status, 403)
  }
}

async function endAtRevocation({ front }: ProxiedServer): Promise<void> {
  await upload(front, 'acme/a.txt', 'shared')
  const { id, url } = await issue(front, { path: 'acme/a.txt' })
  for (let round = 0; round < 3; round += 1) assert.equal((await read(front, url)).status, 200)
  const revoked = await call(front, 'DELETE', `/v1/links/${id}`)
  assert.ok(revoked.status < 300)
  assert.equal((await read(front, url)).status, 403)
  const once = await issue(front, { path: 'acme/a.txt', maxUses: 1 })
  assert.equal((await read(front, once.url)).status, 200)
  assert.equal((await read(front, once.url)).status, 410)
}

/** What the manual says of HEAD: caches ask for the whole file instead, and that was not signed. */
async function refuseHead({ server, front }: ProxiedServer): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'a.txt' }, 'x')
  const target = targetOf(presign(front, 'HEAD', 'acme/a.txt'))
  const answer = await sendRaw(front.port, { method: 'HEAD', target })
  assert.equal(answer.status, 403)
}

/** Without this the others would pass behind a cache that never keeps anything. */
async function keepPublicFiles({ server, front }: ProxiedServer): Promise<void> {
  await upload(front, 'acme/open/a.txt', 'open to all')
  const json = { visibility: 'public' }
  await call(front, 'PUT', '/v1/folders/acme/open', { json })
  const url = `${front.origin}/acme/open/a.txt`
  const first = await read(front, url)
  assert.equal(first.status, 200)
  assert.deepEqual(first.headers.get('cache-control'), ['public, max-age=60'])
  const before = countArrivals(server, 'open/a.txt')
  const second = await read(front, url)
  assert.equal(second.body.toString(), 'open to all')
  assert.equal(countArrivals(server, 'open/a.txt'), before)
}

for (const [name, start] of Object.entries(CACHES)) {
  describe(`behind ${name}`, { concurrency: true }, () => {
    test('a public file is kept', (context) => withProxy(context, start, keepPublicFiles))
    test('a signed answer is never kept, whatever its owner or its signer asks for', (context) =>
      withProxy(context, start, keepNothingSigned))
    test('a link that has run out is refused', (context) => withProxy(context, start, endInTime))
    test('a link that is revoked or used up is refused at once', (context) =>
      withProxy(context, start, endAtRevocation))
    test('a signed HEAD is refused', (context) => withProxy(context, start, refuseHead))
  })
}
