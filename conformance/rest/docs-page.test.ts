/** The documentation in a real browser: its policy holds, it needs no mouse, it fits a phone, it can be dark. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'

async function withPage(use: (page: Page, origin: string) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      await use(page, server.origin)
    } finally {
      await browser.close()
    }
  })
}

test('the page loads nothing else, breaks no policy and is styled', { skip }, async () => {
  await withPage(async (page, origin) => {
    const complaints: string[] = []
    const requested: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requested.push(request.url()))
    await page.goto(`${origin}/-/docs`)
    // The browser asks for an icon by itself; that is an object of no bucket, and answered as one.
    assert.deepEqual(
      requested.filter((url) => !url.endsWith('/favicon.ico')),
      [`${origin}/-/docs`],
    )
    assert.deepEqual(
      complaints.filter((text) => !text.includes('404') && !text.includes('403')),
      [],
    )
    const maxWidth = await page.locator('body').evaluate((body) => getComputedStyle(body).maxWidth)
    assert.notEqual(maxWidth, 'none', 'the style sheet was not applied')
  })
})

test('with the keyboard alone one finds and opens an operation', { skip }, async () => {
  await withPage(async (page, origin) => {
    await page.goto(`${origin}/-/docs`)
    for (let count = 0; count < 60; count += 1) {
      await page.keyboard.press('Tab')
      if ((await page.locator('#uploadFile > summary:focus').count()) === 1) break
    }
    await page.keyboard.press('Enter')
    assert.ok(await page.locator('#uploadFile > div').isVisible())
    const outline = await page
      .locator('#uploadFile > summary')
      .evaluate((summary) => getComputedStyle(summary).outlineStyle)
    assert.equal(outline, 'solid', 'nobody sees where the keyboard is')
  })
})

test('on a phone nothing hangs over the edge, and in the dark it is dark', { skip }, async () => {
  await withPage(async (page, origin) => {
    await page.setViewportSize({ width: 320, height: 640 })
    await page.goto(`${origin}/-/docs`)
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    const overhang = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    assert.ok(overhang <= 0, `${overhang} pixels`)
    const background = (): Promise<string> =>
      page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await background()
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.notEqual(await background(), light)
  })
})
