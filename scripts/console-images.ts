/** `npm run images`: screens of the console as a browser shows them, for the documentation. Needs Chromium. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Hallpass } from '../packages/client/src/index.ts'
import { withConsole } from '../conformance/console/with-console.ts'
import type { ConsoleOptions } from '../conformance/console/with-console.ts'

const IMAGES = join(import.meta.dirname, '../docs/images')
const DESK = { viewport: { width: 1000, height: 620 }, colorScheme: 'light' } as const
const PHONE = { viewport: { width: 360, height: 640 }, colorScheme: 'dark' } as const

const FILES = [
  ['acme/contracts/lease 2026.pdf', 184_000],
  ['acme/contracts/offer.pdf', 96_000],
  ['acme/reports/2026-01.csv', 41_000],
  ['acme/reports/2026-02.csv', 44_000],
  ['acme/logo.png', 21_000],
  ['acme/minutes.txt', 2_300],
  ['acme/trip.zip', 6_412_000],
] as const

async function fill(hp: Hallpass): Promise<void> {
  for (const [path, size] of FILES) await hp.files.put({ path, body: new Uint8Array(size) })
  const day = { expiresIn: 86_400 }
  await hp.links.create({ path: 'acme/contracts/offer.pdf', label: 'for Ada', maxUses: 3, ...day })
  await hp.links.create({ path: 'acme/reports/2026-02.csv', label: 'accounting', ...day })
  await hp.links.create({ path: 'acme/minutes.txt', expiresIn: 3600 })
  await hp.shares.create({
    path: 'acme/contracts/',
    password: 'harbour',
    label: 'the lawyers',
    ...day,
  })
}

async function open(page: Page, title: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByText(title).click()
  await page.getByRole('heading', { name: title, exact: true }).waitFor()
  await page.waitForLoadState('networkidle')
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(IMAGES, `${name}.png`) })
}

async function withFilled(
  options: ConsoleOptions,
  use: (page: Page, url: string) => Promise<void>,
): Promise<void> {
  await withConsole(async ({ page, url, hp }) => {
    await fill(hp)
    await use(page, url)
  }, options)
}

await withFilled(DESK, async (page, url) => {
  await page.goto(`${url}/-/console/files?folder=acme`)
  await page.getByRole('button', { name: 'minutes.txt' }).waitFor()
  await take(page, 'console-files')
  await page.getByRole('button', { name: 'contracts/' }).click()
  await page.getByRole('button', { name: 'Share the folder' }).click()
  await page.getByRole('dialog').getByLabel('Password').fill('harbour')
  await take(page, 'console-share')
  await page.keyboard.press('Escape')
  await open(page, 'Links')
  await take(page, 'console-links')
  await open(page, 'Checklist')
  await take(page, 'console-checklist')
})

await withFilled(PHONE, async (page) => {
  await open(page, 'Links')
  await take(page, 'console-phone')
})
