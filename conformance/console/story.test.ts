/** One whole story: a folder goes up, is shared with a password, is opened by a stranger with a phone, and is taken back. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { skip } from '../lib/browser-of-process.ts'
import { unzip } from '../share/unzip.ts'
import { findViolations } from './find-violations.ts'
import { withConsole } from './with-console.ts'

const COUNT = 50

/** A folder `trip` with files, some of them in a folder of their own. */
async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'hallpass-trip-'))
  try {
    const folder = join(root, 'trip')
    await mkdir(join(folder, 'maps'), { recursive: true })
    for (let index = 0; index < COUNT; index += 1) {
      const place = index % 10 === 0 ? join(folder, 'maps') : folder
      await writeFile(join(place, `photo ${index}.txt`), `This is photo ${index}.`)
    }
    await use(folder)
  } finally {
    await rm(root, { recursive: true })
  }
}

test('a folder of fifty files, from the console to a stranger and back', { skip }, async () => {
  await withFolder(async (folder) => {
    await withConsole(async ({ page, browser, url, hp }) => {
      await hp.buckets.put({ name: 'acme' })
      await page.goto(`${url}/-/console/files?folder=acme`)
      await page.getByLabel('Upload a folder').last().setInputFiles(folder)
      await page.getByText(`${COUNT} of ${COUNT} uploaded`).waitFor()
      assert.deepEqual(await findViolations(page), [], 'after the upload')

      await page.getByRole('button', { name: 'trip/' }).click()
      await page.getByRole('button', { name: 'Share the folder' }).click()
      const dialog = page.getByRole('dialog')
      assert.equal(await dialog.getByLabel('Whoever has the link gets').inputValue(), 'folder')
      assert.equal(await dialog.getByLabel('For how long').inputValue(), '3600')
      await dialog.getByLabel('Password').fill('harbour')
      await dialog.getByLabel('Greeting').fill('All of the trip')
      await dialog.getByLabel('Your name on the page').fill('Ada <b>')
      assert.deepEqual(await findViolations(page), [], 'the dialog')
      await dialog.getByRole('button', { name: 'Make the link' }).click()
      await dialog.getByRole('button', { name: 'Show it for this machine' }).click()
      const shared = await dialog.getByLabel('Link', { exact: true }).inputValue()
      await dialog.getByRole('button', { name: 'Done' }).click()

      const phone = await browser.newContext({
        viewport: { width: 360, height: 740 },
        hasTouch: true,
        isMobile: true,
        acceptDownloads: true,
        locale: 'en',
      })
      const stranger = await phone.newPage()
      await stranger.goto(shared)
      await stranger.getByLabel('Password').fill('wrong')
      await stranger.getByRole('button', { name: 'Open' }).click()
      await stranger.getByText('This is not the password.').waitFor()
      await stranger.getByLabel('Password').fill('harbour')
      await stranger.getByRole('button', { name: 'Open' }).click()
      await stranger.getByText('photo 1.txt').first().waitFor()
      await stranger.getByText('All of the trip', { exact: true }).waitFor()
      await stranger.getByText('Ada <b>', { exact: true }).waitFor()
      const coming = stranger.waitForEvent('download')
      await stranger.getByRole('button', { name: 'Download all as ZIP' }).click()
      const archive = unzip(await readFile(await (await coming).path()))
      assert.equal(Object.keys(archive).length, COUNT)
      assert.equal(
        archive['maps/photo 10.txt'] ?? archive['trip/maps/photo 10.txt'],
        'This is photo 10.',
      )

      await page.getByRole('navigation', { name: 'Screens' }).getByText('Links').click()
      await page.getByRole('button', { name: 'Revoke the link for acme/trip/' }).click()
      await page.getByText('The link is dead.').waitFor()
      const again = await stranger.goto(shared)
      assert.equal(again?.status(), 403)
      // What the ten seconds are for is another test: this one takes nothing back.
      await page.getByText('No link like that').waitFor()
      const { status } = (await hp.links.list({ path: 'acme/trip/' })).links[0] ?? {}
      assert.equal(status, 'revoked')
      assert.equal((await stranger.goto(shared))?.status(), 403)

      await page.getByRole('navigation', { name: 'Screens' }).getByText('Events').click()
      await page.getByText('request.refused (link-revoked)').first().waitFor()
      assert.deepEqual(await findViolations(page), [], 'the events')
    })
  })
})

test(
  'by the keyboard alone: in, a bucket, two files selected and deleted, out',
  { skip },
  async () => {
    await withConsole(async ({ page, browser, url, key, hp }) => {
      for (const name of ['a.txt', 'b.txt', 'c.txt'])
        await hp.files.put({ path: `acme/${name}`, body: 'x' })
      await hp.buckets.update({ name: 'acme', versioning: 'enabled' })
      const other = await (await browser.newContext()).newPage()
      const press = async (...keys: readonly string[]): Promise<void> => {
        for (const one of keys) await other.keyboard.press(one)
      }
      await other.goto(`${url}/-/console`)
      await other.getByLabel('API key').waitFor()
      await other.keyboard.type(key)
      await press('Enter')
      await other.getByRole('heading', { name: 'Files' }).waitFor()
      await other.getByRole('button', { name: 'acme/' }).waitFor()
      await press('Control+k')
      await other.getByRole('dialog').waitFor()
      await other.keyboard.type('acme')
      await press('Enter')
      await other.getByRole('button', { name: 'a.txt' }).waitFor()
      await press('j', 'Shift+ArrowDown')
      await other.getByText('2 selected').waitFor()
      await press('Escape')
      await other.getByText('2 selected').waitFor({ state: 'detached' })
      await press('x', 'k', 'X')
      await other.getByText('2 selected').waitFor()
      while (!(await focusIsOn(other, 'Delete the selected'))) await press('Tab')
      await press('Enter')
      await other.getByText('2 files deleted.').waitFor()
      assert.deepEqual(
        (await hp.files.list({ folder: 'acme' })).files.map(({ name }) => name),
        ['c.txt'],
      )
      while (!(await focusIsOn(other, 'Undo'))) await press('Tab')
      await press('Enter')
      await other.getByRole('button', { name: 'b.txt' }).waitFor()
      await press('?')
      await other.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
      await press('Escape')
      await other.getByRole('dialog').waitFor({ state: 'detached' })
      while (!(await focusIsOn(other, 'Sign out'))) await press('Shift+Tab')
      await press('Enter')
      await other.getByLabel('API key').waitFor()
      assert.equal(page.url().includes('console'), true)
    })
  },
)

function focusIsOn(
  page: { evaluate: <A>(f: (a: A) => boolean, a: A) => Promise<boolean> },
  name: string,
): Promise<boolean> {
  return page.evaluate((text) => document.activeElement?.textContent === text, name)
}
