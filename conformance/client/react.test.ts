/** @hallpass/react in Chromium, in strict mode: a file is dropped, goes up, and is shown by a URL that is renewed. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createHallpass } from '@hallpass/client'
import { createLinkHandler } from '@hallpass/client/link-handler'
import { createUploadHandler, route } from '@hallpass/client/upload-handler'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { makeBucket } from '../lib/put-files.ts'
import { startServer } from '../lib/start-server.ts'
import { startApplication } from './application.ts'

interface Stage {
  readonly page: Page
  readonly text: (id: string) => Promise<string>
  readonly drop: (
    files: readonly { readonly name: string; readonly type: string }[],
  ) => Promise<void>
  /** Seconds that the links live which the application hands out. */
  readonly setLife: (seconds: number) => void
}

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'react-page.ts')],
    conditions: ['@hallpass/source'],
    define: { 'process.env.NODE_ENV': '"development"' },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}

async function setStage(t: TestContext): Promise<Stage> {
  let expiresIn = 300
  let handle: (request: Request) => Promise<Response> = async () => new Response(null)
  const application = await startApplication((request) => handle(request))
  const server = await startServer({ corsOrigins: [application.origin] })
  const browser = await launchBrowser()
  t.after(async () => {
    await browser.close()
    await application.stop()
    await server.stop()
  })
  await makeBucket(server, 'acme')
  const hp = createHallpass({ url: server.origin, key: server.adminKey })
  const uploads = createUploadHandler({
    hp,
    routes: {
      any: route({
        maxBytes: 100,
        authorise: (_request, { file }) => ({ path: `acme/${file?.name ?? ''}` }),
      }),
    },
  })
  const links = createLinkHandler({ hp, authorise: (_request, { path }) => ({ path, expiresIn }) })
  handle = (request) => (request.url.endsWith('/api/link') ? links(request) : uploads(request))
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(application.origin)
  await page.addScriptTag({ content: await bundlePage() })
  return {
    page,
    text: async (id) => (await page.locator(`#${id}`).textContent()) ?? '',
    drop: (files) =>
      page.locator('#zone').evaluate((zone, list) => {
        const dataTransfer = new DataTransfer()
        for (const { name, type } of list) {
          dataTransfer.items.add(new File(['content'], name, { type }))
        }
        zone.dispatchEvent(new DragEvent('dragenter', { bubbles: true, dataTransfer }))
        zone.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }))
      }, files),
    setLife: (seconds) => {
      expiresIn = seconds
    },
  }
}

test(
  'a dropped file goes up, and is shown by a URL that is renewed and stands in no history',
  { skip },
  async (t) => {
    const { page, text, drop, setLife } = await setStage(t)
    assert.equal(await text('state'), 'idle')
    const before = await page.evaluate(() => history.length)
    setLife(2)
    await drop([{ name: 'a.txt', type: 'text/plain' }])
    await waitUntil(async () => (await text('state')) === 'done')
    assert.equal(await text('progress'), '7/7')
    await waitUntil(async () => (await text('url')) !== '')
    const first = await text('url')
    assert.equal(await (await fetch(first)).text(), 'content')
    await waitUntil(async () => (await text('url')) !== first)
    assert.equal(await page.evaluate(() => history.length), before)
    assert.doesNotMatch(page.url(), /X-Amz/)
    assert.equal(await text('url-error'), '')
  },
)

test('what is not taken is said, and an upload that is refused shows why', { skip }, async (t) => {
  const { page, text, drop } = await setStage(t)
  await drop([
    { name: 'x.exe', type: 'application/x-msdownload' },
    { name: 'y.bin', type: '' },
  ])
  await waitUntil(async () => (await text('refused')) === '2')
  assert.equal(await text('state'), 'idle')
  const large = { name: 'large.txt', mimeType: 'text/plain', buffer: Buffer.alloc(200) }
  await page.setInputFiles('#zone input', large)
  await waitUntil(async () => (await text('state')) === 'failed')
  assert.match(await text('error'), /at most 100 bytes/)
  const chosen = page.waitForEvent('filechooser')
  await page.locator('#zone').focus()
  await page.keyboard.press('Enter')
  await (await chosen).setFiles({ name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('b') })
  await waitUntil(async () => (await text('state')) === 'done')
  assert.equal(await text('error'), '')
})
