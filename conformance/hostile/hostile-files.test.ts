/** Hostile files, opened in a real browser through every kind of link: no script of theirs runs in the origin of the server. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { presignS3 } from '../../packages/signing/src/s3.ts'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue } from '../rest/call.ts'
import { hostileFiles } from './hostile-files.ts'
import type { HostileFile } from './hostile-files.ts'
import { startSink } from './sink.ts'
import type { Sink } from './sink.ts'

interface Scene {
  readonly server: RunningServer
  readonly sink: Sink
  readonly page: Page
  readonly files: readonly HostileFile[]
}

async function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const sink = await startSink()
    const browser = await launchBrowser()
    try {
      await makeBucket(server, 'acme')
      await call(server, 'PUT', '/v1/folders/acme/open', { json: { visibility: 'public' } })
      const page = await browser.newPage({ acceptDownloads: true })
      page.setDefaultTimeout(PATIENCE_MS)
      const files = hostileFiles(sink.report)
      assert.ok(files.length >= 20)
      await use({ server, sink, page, files })
    } finally {
      await browser.close()
      await sink.stop()
    }
  })
}

/** What is saved is no page, and the browser says so by breaking off. */
async function open(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'load' }).catch(() => null)
}

/** A script of the same kind that may run is heard of: silence means something. */
async function requireSilence({ page, sink }: Scene): Promise<void> {
  await open(page, sink.pageOf('control'))
  await waitUntil(() => sink.ran().includes(`control ${sink.origin}`), 'the control is heard')
  assert.deepEqual(sink.ran(), [`control ${sink.origin}`])
}

/** Stores the file as somebody with a key does. */
async function store(server: RunningServer, folder: string, file: HostileFile): Promise<string> {
  const path = `acme/${folder}/${file.name}`
  const target = `${server.origin}/v1/files?${new URLSearchParams({ path })}`
  const headers = { authorization: server.adminKey, 'content-type': file.contentType }
  const sent = await fetch(target, {
    method: 'PUT',
    headers: { ...headers, ...file.headers },
    body: new Uint8Array(file.bytes),
  })
  assert.ok(sent.ok, `${file.name}: ${await sent.clone().text()}`)
  const { signedUrl, url } = (await sent.json()) as { signedUrl?: string; url?: string }
  return signedUrl ?? url ?? ''
}

function presign(server: RunningServer, key: string, query: Record<string, string> = {}): string {
  return presignS3({
    credentials: server.credentials,
    region: server.region,
    method: 'GET',
    bucket: 'acme',
    key,
    endpoint: server.origin,
    addressing: 'path',
    expiresInSeconds: 300,
    query,
  }).url
}

/** Every way to the file: by folder, by key, by link. */
async function linksTo(server: RunningServer, file: HostileFile): Promise<readonly string[]> {
  const publicUrl = await store(server, 'open', file)
  const signedUrl = await store(server, 'in', file)
  const key = `in/${file.name}`
  const path = `acme/${key}`
  const inline = await issue(server, { path, disposition: 'inline' })
  const once = await issue(server, { path, maxUses: 50 })
  const asPage = { 'response-content-type': 'text/html', 'response-content-disposition': 'inline' }
  return [
    publicUrl,
    signedUrl,
    inline.url,
    once.url,
    presign(server, key),
    presign(server, key, asPage),
    presign(server, key, { ...asPage, 'response-content-type': 'image/svg+xml' }),
  ]
}

test('opened through any link, no hostile file runs a script', { skip }, async () => {
  await withScene(async (scene) => {
    const { server, page, sink, files } = scene
    for (const file of files) {
      const urls = await linksTo(server, file)
      for (const url of urls) await open(page, url)
      await open(page, sink.frameOf(urls))
    }
    await requireSilence(scene)
  })
})

test('uploaded by a form of a stranger, none runs where it is opened', { skip }, async () => {
  await withScene(async (scene) => {
    const { server, page, files } = scene
    for (const { name, contentType, bytes } of files) {
      const [essence = ''] = contentType.split(';')
      const { url, fields } = (
        await call(server, 'POST', '/v1/links', {
          json: { path: `acme/drop/${name}`, method: 'POST', contentTypes: [essence] },
        })
      ).json as { url: string; fields: Record<string, string> }
      const form = new FormData()
      for (const [field, value] of Object.entries(fields)) form.set(field, value)
      form.set('Content-Type', contentType)
      form.set('file', new Blob([new Uint8Array(bytes)], { type: contentType }), name)
      const sent = await fetch(url, { method: 'POST', body: form })
      assert.ok(sent.ok, `${name}: ${await sent.clone().text()}`)
      const link = await issue(server, { path: `acme/drop/${name}`, disposition: 'inline' })
      await open(page, link.url)
      await open(page, presign(server, `drop/${name}`))
    }
    await requireSilence(scene)
  })
})
