/** A shared PDF: the page shows it with the browser's own reader, under the policy that every file goes out with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { PDF, waitForReader } from '../lib/tiny-pdf.ts'
import { call } from '../rest/call.ts'
import { leadsTo, look, press, share } from './visit.ts'

const PATH = 'acme/a.pdf'

async function withDocument(
  use: (server: RunningServer, page: Page) => Promise<void>,
): Promise<void> {
  await withServer(async (server) => {
    const body = new Blob([PDF], { type: 'application/pdf' })
    await call(server, 'PUT', `/v1/files?path=${PATH}`, { body })
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      await use(server, page)
    } finally {
      await browser.close()
    }
  })
}

test(
  'a shared PDF is shown in its page and opens in the reader of the browser, under the sandbox of every file',
  { skip },
  async () => {
    await withDocument(async (server, page) => {
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      const { url } = await share(server, { path: PATH })
      await page.goto(url)
      await waitForReader(page)
      await page.getByRole('button', { name: 'Open' }).click()
      await page.waitForURL(/X-Hallpass-Link/)
      await waitForReader(page)
      assert.deepEqual(complaints, [])
      const opened = await fetch(page.url())
      assert.equal(opened.headers.get('content-security-policy'), "sandbox; default-src 'none'")
      assert.match(opened.headers.get('content-disposition') ?? '', /^inline/)
    })
  },
)

test(
  'a page shows no PDF of a share with a number of uses, and none that a policy has saved',
  { skip },
  async () => {
    await withDocument(async (server) => {
      const counted = await share(server, { path: PATH, maxUses: 3 })
      assert.doesNotMatch((await look(counted.url)).text, /<object/)
      const { url } = await share(server, { path: PATH })
      const policy = { policy: { inlineTypes: ['image/*'] } }
      const { status } = await call(server, 'PUT', '/v1/folders/acme', { json: policy })
      assert.equal(status, 200)
      assert.doesNotMatch((await look(url)).text, /<object/)
      const opened = await fetch(leadsTo(await press(url, { action: 'open' }), url))
      assert.match(opened.headers.get('content-disposition') ?? '', /^attachment/)
    })
  },
)
