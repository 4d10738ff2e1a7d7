/** `npm run images`: the pages of shares as a browser shows them, for the documentation. Needs Chromium. */
import { join } from 'node:path'
import { launchBrowser } from '../conformance/lib/browser-of-process.ts'
import { withServer } from '../conformance/lib/start-server.ts'
import type { RunningServer } from '../conformance/lib/start-server.ts'
import { share } from '../conformance/share/visit.ts'

const IMAGES = join(import.meta.dirname, '../docs/images')
const DESK = { width: 760, height: 560 } as const
const PHONE = { width: 360, height: 640 } as const

const FILES = [
  ['trip/01 harbour.jpg', 'image/jpeg', 2_412_000],
  ['trip/02 old town.jpg', 'image/jpeg', 3_078_000],
  ['trip/03 evening.jpg', 'image/jpeg', 1_955_000],
  ['trip/route.pdf', 'application/pdf', 184_000],
  ['trip/maps/north.png', 'image/png', 921_000],
] as const
const NOTES = 'Minutes, 14 March\n\n1. The harbour opens at nine.\n2. Tickets are with Ada.\n'

async function put(
  { origin, adminKey }: RunningServer,
  key: string,
  type: string,
  body: BodyInit,
): Promise<void> {
  const headers = { authorization: adminKey, 'content-type': type }
  const path = new URLSearchParams({ path: `acme/${key}` })
  const answer = await fetch(`${origin}/v1/files?${path}`, { method: 'PUT', headers, body })
  if (!answer.ok) throw new Error(await answer.text())
}

await withServer(async (server) => {
  for (const [key, type, size] of FILES) await put(server, key, type, new Uint8Array(size))
  await put(server, 'minutes.txt', 'text/plain; charset=utf-8', NOTES)
  const made = { owner: 'Ada', greeting: 'As promised. It is there until tomorrow.' }
  const drop = { kind: 'drop', maxBytes: 20_000_000, contentTypes: ['image/*', 'application/pdf'] }
  const pages = [
    ['share-file', DESK, 'light', { path: 'acme/minutes.txt' }],
    ['share-folder', DESK, 'light', { path: 'acme/trip/' }],
    ['share-folder-phone', PHONE, 'dark', { path: 'acme/trip/' }],
    ['share-password', PHONE, 'light', { path: 'acme/minutes.txt', password: 'x' }],
    ['share-drop', PHONE, 'dark', { path: 'acme/inbox/', ...drop }],
  ] as const
  const browser = await launchBrowser()
  try {
    for (const [name, viewport, colorScheme, asked] of pages) {
      const { url } = await share(server, { ...made, ...asked })
      const page = await browser.newPage({ viewport, colorScheme, locale: 'en' })
      await page.goto(url)
      await page.screenshot({ path: join(IMAGES, `${name}.png`) })
      await page.close()
    }
  } finally {
    await browser.close()
  }
})
