/** What a real browser keeps of a link: it shows nothing of one that has ended, however often it was opened before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, upload } from './call.ts'

interface Shown {
  readonly status: number
  readonly text: string
}

async function withPage(use: (page: Page, server: RunningServer) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      await upload(server, 'acme/a.txt', 'the bytes')
      await use(page, server)
    } finally {
      await browser.close()
    }
  })
}

async function open(page: Page, url: string): Promise<Shown> {
  const response = await page.goto(url)
  return { status: response?.status() ?? 0, text: await page.locator('body').innerText() }
}

test(
  'a link that is revoked between two visits shows the page that says so',
  { skip },
  async () => {
    await withPage(async (page, server) => {
      const { id, url } = await issue(server, { path: 'acme/a.txt', disposition: 'inline' })
      assert.match((await open(page, url)).text, /the bytes/)
      assert.match((await open(page, url)).text, /the bytes/)
      await call(server, 'DELETE', `/v1/links/${id}`)
      const { status, text } = await open(page, url)
      assert.equal(status, 403)
      assert.match(text, /This link was ended/)
    })
  },
)

test(
  'a link for one use shows the file once, and goes back to it in no way',
  { skip },
  async () => {
    await withPage(async (page, server) => {
      const wish = { path: 'acme/a.txt', disposition: 'inline', maxUses: 1 }
      const { url } = await issue(server, wish)
      assert.match((await open(page, url)).text, /the bytes/)
      const { status, text } = await open(page, url)
      assert.equal(status, 410)
      assert.doesNotMatch(text, /the bytes/)
      await page.goto('about:blank')
      await page.goBack()
      assert.doesNotMatch(await page.locator('body').innerText(), /the bytes/)
    })
  },
)

test(
  'a link for one use is saved once, and not again from what the browser kept',
  { skip },
  async () => {
    await withPage(async (page, server) => {
      const { url } = await issue(server, { path: 'acme/a.txt', maxUses: 1, expiresIn: 86_400 })
      const saved = page.waitForEvent('download')
      await page.goto(url).catch(() => null)
      assert.equal((await saved).suggestedFilename(), 'a.txt')
      await (await saved).path()
      assert.equal((await open(page, url)).status, 410)
    })
  },
)
