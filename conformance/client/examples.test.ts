/** The examples as they are: each started as its README says, and its page driven in Chromium. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import process from 'node:process'
import { test } from 'node:test'
import { launchBrowser, skip } from '../lib/browser-pages.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

for (const name of ['hono', 'express']) {
  test(`the ${name} example uploads a picture and shows it`, { skip }, () =>
    withServer(
      async ({ origin, adminKey }) => {
        const built = spawnSync('tsc', ['--build', 'packages/client'], {
          stdio: 'inherit',
          shell: process.platform === 'win32',
        })
        assert.equal(built.status, 0)
        const application = spawn(process.execPath, [`examples/${name}/server.ts`], {
          env: { ...process.env, PORT: '0', HALLPASS_URL: origin, HALLPASS_KEY: adminKey },
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const browser = await launchBrowser()
        try {
          let said = ''
          application.stdout.on('data', (text: Buffer) => (said += text.toString()))
          await waitUntil(
            () => /http:\/\/localhost:\d+/.test(said) || application.exitCode !== null,
          )
          const page = await browser.newPage()
          page.setDefaultTimeout(PATIENCE_MS)
          await page.goto(/http:\/\/localhost:\d+/.exec(said)?.[0] ?? '')
          await page.setInputFiles('input', {
            name: 'me.png',
            mimeType: 'image/png',
            buffer: PICTURE,
          })
          await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) === 1)
          assert.equal(await page.locator('output').textContent(), 'Done.')
          assert.match(said, new RegExp(`pictures/ada/avatar has ${PICTURE.length} bytes`))
          const text = { name: 'me.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }
          await page.setInputFiles('input', text)
          await waitUntil(async () =>
            /types/.test((await page.locator('output').textContent()) ?? ''),
          )
        } finally {
          application.kill()
          await browser.close()
        }
      },
      { corsOrigins: ['http://localhost:*'] },
    ),
  )
}
