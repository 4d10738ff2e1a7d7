/** Under which name a real browser saves what a link gives: the file's own, whatever stands in it, in Content-Disposition. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'
import { issue, upload } from './call.ts'

/** The name of the file, and what the browser makes of it: some letters no file system has. */
const NAMES: readonly (readonly [name: string, saved: string])[] = [
  ["ünï 日本 😀;a=b,c'd 100%41.html", "ünï 日本 😀;a=b,c'd 100%41.html"],
  ['quote".html', 'quote_.html'],
  ['back\\slash.html', 'back_slash.html'],
  ['pdf\u202Efdp.html', 'pdffdp.html'],
]

test(
  'a browser saves a file under its name, without what turns its reading direction',
  { skip },
  async () => {
    await withServer(async (server) => {
      const browser = await launchBrowser()
      try {
        const page = await browser.newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        for (const [name, expected] of NAMES) {
          await upload(server, `acme/${name}`, 'x')
          const { url } = await issue(server, { path: `acme/${name}` })
          const saved = page.waitForEvent('download')
          await page.goto(url).catch(() => null)
          assert.equal((await saved).suggestedFilename(), expected)
        }
      } finally {
        await browser.close()
      }
    })
  },
)
