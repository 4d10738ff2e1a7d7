/** How bytes reach whoever may have them: through the server, by a redirect, or by the store's own URL. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { verifyBunny } from '@hallpass/signing/bunny'
import { verifyCloudFront } from '@hallpass/signing/cloudfront'
import type { RunningServer } from '../lib/start-server.ts'
import { askRest, storeOf, withMountedBucket } from './mounted-world.ts'
import type { MountedWorld } from './mounted-world.ts'

async function deliver(front: RunningServer, delivery: string): Promise<void> {
  const answer = await askRest(front, 'PUT', '/v1/folders/outer', { policy: { delivery } })
  assert.equal(answer.status, 200, JSON.stringify(answer.json))
}

async function put({ inner }: MountedWorld, Key: string, Body: string): Promise<void> {
  const type = { ContentType: 'text/html' }
  await inner.send(new PutObjectCommand({ Bucket: 'inner', Key, Body, ...type }))
}

interface Issued {
  readonly id: string
  readonly url: string
  readonly delivery?: string
}

async function issue(front: RunningServer, wish: object): Promise<Issued> {
  const { status, json } = await askRest(front, 'POST', '/v1/links', wish)
  assert.equal(status, 201, JSON.stringify(json))
  return json as Issued
}

function requestOf(url: string): Parameters<typeof verifyBunny>[0] {
  const { host, pathname, search } = new URL(url)
  return { method: 'GET', target: pathname + search, headers: ['Host', host] }
}

const byHand = { redirect: 'manual' } as const

test('redirected: each click is checked and counted, and leads to a URL of the store that lives a minute', () =>
  withMountedBucket(async (world) => {
    const { front, behind } = world
    await put(world, 'page', '<script>')
    await deliver(front, 'redirected')
    const link = await issue(front, { path: 'outer/page', maxUses: 2 })
    assert.equal(link.delivery, undefined)
    const click = await fetch(link.url, byHand)
    assert.equal(click.status, 302)
    assert.equal(click.headers.get('cache-control'), 'private, no-store')
    assert.equal(click.headers.get('referrer-policy'), 'no-referrer')
    const target = new URL(click.headers.get('location') ?? '')
    assert.equal(target.origin, behind.origin)
    assert.equal(target.searchParams.get('X-Amz-Expires'), '60')
    const answer = await fetch(target)
    assert.equal(await answer.text(), '<script>')
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment/)
    assert.equal((await fetch(link.url, byHand)).status, 302)
    assert.equal((await fetch(link.url, byHand)).status, 410)

    const listed = await askRest(front, 'GET', '/v1/files?folder=outer')
    const [file] = (listed.json as { files: Record<string, string>[] }).files
    assert.equal(file?.['delivery'], 'redirected')
    assert.equal(new URL(file['signedUrl'] ?? '').origin, front.origin)
    const other = await issue(front, { path: 'outer/page' })
    const head = await fetch(other.url, { method: 'HEAD', ...byHand })
    assert.equal(head.status, 200)
    assert.equal((await askRest(front, 'DELETE', `/v1/links/${other.id}`)).status, 204)
    assert.equal((await fetch(other.url, byHand)).status, 403)
    // A client of S3 with its key gets the bytes themselves.
    const got = await world.outer.send(new HeadObjectCommand({ Bucket: 'outer', Key: 'page' }))
    assert.equal(got.ContentLength, 8)
  }))

test('direct: what is handed out is the URL of the store, and the answer says so', () =>
  withMountedBucket(async (world) => {
    const { front, behind } = world
    await put(world, 'page', '<script>')
    await deliver(front, 'direct')
    const { json } = await askRest(front, 'GET', '/v1/files?folder=outer')
    const [file] = (json as { files: Record<string, string>[] }).files
    assert.equal(file?.['delivery'], 'direct')
    assert.equal(file?.['linkId'], undefined)
    assert.equal(new URL(file?.['signedUrl'] ?? '').origin, behind.origin)
    const link = await issue(front, { path: 'outer/page', filename: 'mine.html' })
    assert.equal(link.delivery, 'direct')
    assert.equal(new URL(link.url).origin, behind.origin)
    const answer = await fetch(link.url)
    assert.equal(await answer.text(), '<script>')
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment.*mine\.html/)
    // What only the server can promise goes through the server.
    for (const more of [{ maxUses: 1 }, { ip: '127.0.0.1' }, { disposition: 'inline' }]) {
      const own = await issue(front, { path: 'outer/page', ...more })
      assert.equal(own.delivery, undefined, JSON.stringify(more))
      assert.equal(new URL(own.url).origin, front.origin)
    }
  }))

test('a folder below may only have more pass the server', () =>
  withMountedBucket(async ({ front }) => {
    await deliver(front, 'redirected')
    const looser = { policy: { delivery: 'direct' } }
    const refused = await askRest(front, 'PUT', '/v1/folders/outer/in', looser)
    assert.equal(refused.status, 400)
    const tighter = { policy: { delivery: 'proxied' } }
    assert.equal((await askRest(front, 'PUT', '/v1/folders/outer/in', tighter)).status, 200)
  }))

test('with a CDN before the store its URLs are handed out, signed so that it takes them', () =>
  withMountedBucket(async (world) => {
    const { front, behind } = world
    await put(world, 'a b.txt', 'x')
    await deliver(front, 'direct')
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const kinds = [
      { kind: 'bunny', url: 'https://zone.example.net', key: 'bunny-security-key-of-the-zone' },
      { kind: 'cloudfront', url: 'https://d1.example.net/base', keyName: 'K2ABC', key: pem },
    ]
    for (const cdn of kinds) {
      const store = { ...storeOf(behind, 'inner'), cdn }
      const mounted = await askRest(front, 'PUT', '/v1/buckets/outer', { store })
      assert.equal(mounted.status, 200, JSON.stringify(mounted.json))
      assert.ok(!JSON.stringify(mounted.json).includes(JSON.stringify(cdn.key).slice(1, 25)))
      const { url, delivery } = await issue(front, { path: 'outer/a b.txt', expiresIn: 600 })
      assert.equal(delivery, 'direct')
      assert.ok(url.startsWith(`${cdn.url}/a%20b.txt?`), url)
      if (cdn.kind === 'bunny') {
        verifyBunny(requestOf(url), { keys: [cdn.key] })
      } else {
        const pemOfPublic = publicKey.export({ type: 'spki', format: 'pem' }).toString()
        verifyCloudFront(requestOf(url), { lookup: (id) => (id === 'K2ABC' ? pemOfPublic : null) })
      }
    }
    const wrong = { ...storeOf(behind, 'inner'), cdn: { ...kinds[1], key: 'no key at all' } }
    const refused = await askRest(front, 'PUT', '/v1/buckets/outer', { store: wrong })
    assert.equal(refused.status, 400)
    assert.ok(!JSON.stringify(refused.json).includes('no key at all'))
  }))

interface Planned {
  readonly upload: { readonly id: string; readonly delivery?: string; readonly status: string }
  readonly requests: readonly {
    readonly method: string
    readonly url: string
    readonly headers: Record<string, string>
    readonly size: number
  }[]
}

test('direct uploads go to the store, and are files once they are completed here', () =>
  withMountedBucket(async ({ front, behind, inner }) => {
    await deliver(front, 'direct')
    for (const size of [1000, 12 * 1024 * 1024]) {
      const path = `outer/up${size}`
      const wish = { path, size, contentType: 'text/plain' }
      const begun = await askRest(front, 'POST', '/v1/uploads', wish)
      assert.equal(begun.status, 201, JSON.stringify(begun.json))
      const { upload, requests } = begun.json as Planned
      assert.equal(upload.delivery, 'direct')
      for (const { method, url, headers, size: bytes } of requests) {
        assert.equal(new URL(url).origin, behind.origin)
        const longer = await fetch(url, { method, headers, body: Buffer.alloc(bytes + 1, 'a') })
        assert.ok(!longer.ok)
        await longer.text()
      }
      const early = await askRest(front, 'POST', `/v1/uploads/${upload.id}/complete`)
      assert.equal(early.status, 409, JSON.stringify(early.json))
      for (const { method, url, headers, size: bytes } of requests) {
        const sent = await fetch(url, { method, headers, body: Buffer.alloc(bytes, 'a') })
        assert.ok(sent.ok, await sent.text())
      }
      const none = await askRest(front, 'GET', `/v1/files?folder=outer`)
      assert.ok(!JSON.stringify(none.json).includes(`"up${size}"`))
      const done = await askRest(front, 'POST', `/v1/uploads/${upload.id}/complete`)
      assert.equal(done.status, 200, JSON.stringify(done.json))
      const head = await inner.send(new HeadObjectCommand({ Bucket: 'inner', Key: `up${size}` }))
      assert.equal(head.ContentLength, size)
      assert.equal(head.ContentType, 'text/plain')
    }
  }))

test('an upload passes the server where its sender asks for that', () =>
  withMountedBucket(async ({ front }) => {
    await deliver(front, 'direct')
    const wish = { path: 'outer/up', size: 2, contentType: 'text/plain', delivery: 'proxied' }
    const begun = await askRest(front, 'POST', '/v1/uploads', wish)
    const { upload, requests } = begun.json as Planned
    assert.equal(upload.delivery, undefined)
    for (const { method, url, headers } of requests) {
      assert.equal(new URL(url).origin, front.origin)
      assert.equal((await fetch(url, { method, headers, body: 'ab' })).status, 200)
    }
    const done = await askRest(front, 'POST', `/v1/uploads/${upload.id}/complete`)
    assert.equal(done.status, 200, JSON.stringify(done.json))
  }))

test('of a direct upload that was revoked nothing becomes a file, and nothing of it stays', () =>
  withMountedBucket(async ({ front, inner }) => {
    await deliver(front, 'direct')
    const begun = await askRest(front, 'POST', '/v1/uploads', { path: 'outer/up', size: 10 })
    const { upload, requests } = begun.json as Planned
    const [request] = requests
    const sent = await fetch(request?.url ?? '', { method: 'PUT', body: Buffer.alloc(10) })
    assert.ok(sent.ok, await sent.text())
    assert.equal((await askRest(front, 'DELETE', `/v1/uploads/${upload.id}`)).status, 204)
    const done = await askRest(front, 'POST', `/v1/uploads/${upload.id}/complete`)
    assert.equal(done.status, 404)
    const left = await inner.send(new ListMultipartUploadsCommand({ Bucket: 'inner' }))
    assert.deepEqual(left.Uploads ?? [], [])
  }))
