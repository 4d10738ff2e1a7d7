/** The pages of shares in a real browser: without a script, by keyboard, on a phone, in the dark, and for those who see them by ear. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, upload } from '../rest/call.ts'
import { share } from './visit.ts'

const PHONE = { viewport: { width: 360, height: 640 } } as const
const NASTY = `${'n'.repeat(120)}<img src=x onerror=alert(1)>\u202E.txt`
/** One dark pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

interface Stage {
  readonly server: RunningServer
  readonly open: (options?: BrowserContextOptions) => Promise<Page>
}

async function withStage(use: (stage: Stage) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const browser = await launchBrowser()
    try {
      await upload(server, `acme/folder/${NASTY}`, 'nasty')
      await upload(server, 'acme/folder/sub/b.txt', 'b')
      const query = new URLSearchParams({ path: 'acme/p.png' })
      await fetch(`${server.origin}/v1/files?${query}`, {
        method: 'PUT',
        body: PNG,
        headers: { authorization: server.adminKey, 'content-type': 'image/png' },
      })
      const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
        const page = await (await browser.newContext(options)).newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        return page
      }
      await use({ server, open })
    } finally {
      await browser.close()
    }
  })
}

/** Every kind of page there is, with the address at which it is seen. */
async function makePages(server: RunningServer): Promise<readonly string[]> {
  const made = (more: object) =>
    share(server, { greeting: 'Hello\n<there>', owner: 'Ada', ...more })
  const ended = await made({ path: `acme/folder/${NASTY}` })
  await call(server, 'DELETE', `/v1/shares/${ended.id}`)
  const shares = [
    await made({ path: `acme/folder/${NASTY}` }),
    await made({ path: 'acme/p.png', maxUses: 3 }),
    await made({ path: 'acme/p.png' }),
    await made({ path: 'acme/folder/' }),
    await made({ path: 'acme/in/', kind: 'drop', maxBytes: 5_000_000, contentTypes: ['image/*'] }),
    await made({ path: 'acme/p.png', password: 'x' }),
    ended,
  ]
  return [...shares.map(({ url }) => url), `${server.origin}/s/none`]
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

test(
  'no page has what axe finds, in the light, in the dark and on a phone, and none is wider than a phone',
  { skip },
  async () => {
    await withStage(async ({ server, open }) => {
      const source = readFileSync(axe, 'utf8')
      const urls = await makePages(server)
      for (const colorScheme of ['light', 'dark'] as const) {
        // The check itself is a script, which the policy of the pages would not let in.
        const page = await open({ ...PHONE, colorScheme, bypassCSP: true, reducedMotion: 'reduce' })
        for (const url of urls) {
          await page.goto(url)
          await page.evaluate(source)
          const found = await page.evaluate<string[]>(
            `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ html }) => html).join()))`,
          )
          assert.deepEqual(found, [], `${colorScheme} ${await page.title()}`)
          const width = await page.evaluate('document.documentElement.scrollWidth')
          assert.ok(Number(width) <= 360, `${await page.title()}: ${String(width)}`)
        }
        await page.context().close()
      }
    })
  },
)

test(
  'nothing that a page shows breaks its policy or runs, and a picture is seen',
  { skip },
  async () => {
    await withStage(async ({ server, open }) => {
      const page = await open()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('dialog', (dialog) => complaints.push(dialog.message()))
      for (const url of await makePages(server)) await page.goto(url)
      const isOurs = (text: string) => !/the server responded with a status of 40\d/.test(text)
      assert.deepEqual(complaints.filter(isOurs), [])
      await page.goto((await share(server, { path: 'acme/p.png' })).url)
      const width = await page
        .locator('img')
        .evaluate((image: HTMLImageElement) => image.naturalWidth)
      assert.equal(width, 1)
    })
  },
)

test(
  'a stranger opens, downloads and sends by keyboard alone, without a script',
  { skip },
  async () => {
    await withStage(async ({ server, open }) => {
      const page = await open({ ...PHONE, javaScriptEnabled: false, acceptDownloads: true })
      const { url } = await share(server, { path: 'acme/p.png', password: 'sesame', maxUses: 1 })
      await page.goto(url)
      // The field has the focus by itself, a moment after the page is there.
      await page.locator('input:focus').waitFor()
      await page.keyboard.type('sesame')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'p.png' }).waitFor()
      await page.keyboard.press('Tab')
      await page.locator('button:focus').waitFor()
      const downloading = page.waitForEvent('download')
      await page.keyboard.press('Enter')
      const download = await downloading
      assert.equal(download.suggestedFilename(), 'p.png')
      assert.deepEqual(readFileSync(await download.path()), PNG)
      await page.goto(url)
      assert.match(await page.locator('h1').innerText(), /has been used/)

      const folder = await share(server, { path: 'acme/folder/' })
      await page.goto(folder.url)
      await page.getByRole('link', { name: 'sub/' }).click()
      await page.getByRole('button', { name: 'b.txt' }).waitFor()
      const packing = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download all as ZIP' }).click()
      assert.equal((await packing).suggestedFilename(), 'sub.zip')

      const drop = await share(server, { path: 'acme/in/', kind: 'drop' })
      await page.goto(drop.url)
      const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('sent') }
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('a.txt · 4 bytes').waitFor()
    })
  },
)

test('with a script a drop shows how far it is, and says what arrived', { skip }, async () => {
  await withStage(async ({ server, open }) => {
    const page = await open()
    const drop = await share(server, { path: 'acme/in/', kind: 'drop', maxBytes: 10_000_000 })
    await page.goto(drop.url)
    const buffer = Buffer.alloc(9_000_000)
    await page.locator('input[type=file]').setInputFiles([
      { name: 'large.bin', mimeType: 'application/octet-stream', buffer },
      { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('b') },
    ])
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('large.bin · 9 MB').waitFor()
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1')
    await page.getByRole('link', { name: 'Send more' }).click()
    await page.locator('input[type=file]').waitFor()
  })
})

test(
  'a page speaks the language that its reader asks for, of the six there are',
  { skip },
  async () => {
    await withStage(async ({ server, open }) => {
      const { url } = await share(server, { path: 'acme/p.png' })
      const expected = {
        'de-AT': ['de', 'Herunterladen'],
        fr: ['fr', 'Télécharger'],
        es: ['es', 'Descargar'],
        ja: ['ja', 'ダウンロード'],
        'zh-CN': ['zh', '下载'],
        nl: ['en', 'Download'],
      } as const
      for (const [locale, [language, button]] of Object.entries(expected)) {
        const page = await open({ locale })
        await page.goto(url)
        assert.equal(await page.locator('html').getAttribute('lang'), language)
        await page.getByRole('button', { name: button }).waitFor()
        await page.context().close()
      }
    })
  },
)
