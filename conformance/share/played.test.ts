/** A shared sound in Chromium: it plays on after the URL that it came by has ended, and not after the share has. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenFilm } from '../lib/broken-film.ts'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { SECONDS, load, look, seek, silence, waitForPlace } from '../lib/sound.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call } from '../rest/call.ts'
import { share } from './visit.ts'

/** A ticket lives ten minutes, from a whole second on. */
const TICKET_MS = 602_000

async function outlive(server: RunningServer, url: string): Promise<void> {
  server.advanceClock(TICKET_MS)
  assert.equal((await fetch(url, { headers: { range: 'bytes=0-0' } })).status, 403)
}

test(
  'a shared sound goes on when its URL has ended, and ends with the share',
  { skip: skip || MOVES_CLOCK },
  async () => {
    await withServer(async (server) => {
      const sound = new Blob([silence()], { type: 'audio/wav' })
      const { status } = await call(server, 'PUT', '/v1/files?path=acme/a.wav', { body: sound })
      assert.equal(status, 201)
      const { id, url } = await share(server, { path: 'acme/a.wav' })
      const browser = await launchBrowser()
      try {
        const page = await browser.newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        await page.goto(url)
        const source = (await page.locator('audio').getAttribute('src')) ?? ''
        await load(page)
        await outlive(server, source)

        await seek(page, SECONDS - 10)
        await waitForPlace(page, SECONDS - 10)
        const next = (await page.locator('audio').getAttribute('src')) ?? ''
        assert.notEqual(next, source)

        await outlive(server, next)
        assert.equal((await call(server, 'DELETE', `/v1/shares/${id}`)).status, 204)
        await seek(page, SECONDS / 2)
        await waitUntil(async () => (await look(page)).hasFailed)
        assert.equal(await page.locator('audio').getAttribute('src'), next)
      } finally {
        await browser.close()
      }
    })
  },
)

test('of a film that cannot be decoded the page asks for no other URL', { skip }, async () => {
  await withServer(async (server) => {
    const body = new Blob([brokenFilm()], { type: 'video/webm' })
    const { status } = await call(server, 'PUT', '/v1/files?path=acme/a.webm', { body })
    assert.equal(status, 201)
    const { url } = await share(server, { path: 'acme/a.webm' })
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      let visits = 0
      page.on('request', (request) => {
        if (request.url() === url) visits += 1
      })
      await page.goto(url)
      await page
        .locator('video')
        .evaluate((element) => (element as HTMLVideoElement).play().catch(() => undefined))
      await page.waitForFunction(() => document.querySelector('video')?.error !== null)
      await page.waitForLoadState('networkidle')
      assert.ok(visits <= 2, `the page was loaded ${visits} times`)
    } finally {
      await browser.close()
    }
  })
})
